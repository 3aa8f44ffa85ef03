// code[n,k] = the nearest of row n's C values; of two equally near, the lower index. One row per workgroup: its book
// is fetched once, then every invocation takes each 64th weight. C <= 256.

struct Params { N: u32, K: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;    // [N,K]
@group(0) @binding(2) var<storage, read> book: array<f32>; // [N,C]
@group(0) @binding(3) var<storage, read_write> codes: array<u32>;

var<workgroup> values: array<f32, 256>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if (row >= p.N) { return; }
  for (var c = lane; c < p.C; c += 64u) {
    values[c] = book[row * p.C + c];
  }
  workgroupBarrier();
  for (var k = lane; k < p.K; k += 64u) {
    let weight = w[row * p.K + k];
    var near = abs(weight - values[0]);
    var code = 0u;
    for (var c = 1u; c < p.C; c++) {
      let distance = abs(weight - values[c]);
      if (distance < near) {
        near = distance;
        code = c;
      }
    }
    codes[row * p.K + k] = code;
  }
}
