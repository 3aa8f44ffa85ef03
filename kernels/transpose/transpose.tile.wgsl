// B = transpose(A) by 16x16 tiles: read along the rows of A, turn in workgroup memory, write along
// the rows of B. The odd pitch of 17 keeps a column of the tile on 16 different memory banks.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> b: array<f32>;

var<workgroup> tile: array<f32, 16 * 17>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let corner = group.xy * 16u; // column and row of A where the tile starts
  let source = corner + local.xy;
  if (source.x < p.N && source.y < p.M) {
    tile[local.y * 17u + local.x] = a[source.y * p.N + source.x];
  }
  workgroupBarrier();
  let to = corner.yx + local.xy; // column and row of B
  if (to.x < p.M && to.y < p.N) {
    b[to.y * p.M + to.x] = tile[local.x * 17u + local.y];
  }
}
