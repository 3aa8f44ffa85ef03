// list[h,i] = the kept clusters of row i, ascending, then Ck to the end of the row; count[h,i] = how many. One row per
// invocation.

struct Params { H: u32, Cq: u32, Ck: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> kept: array<u32>;        // [H,Cq,Ck]
@group(0) @binding(2) var<storage, read_write> list: array<u32>;  // [H,Cq,Ck]
@group(0) @binding(3) var<storage, read_write> count: array<u32>; // [H,Cq]

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 16u;
  if (row >= p.H * p.Cq) { return; }
  let first = row * p.Ck;
  var found = 0u;
  for (var j = 0u; j < p.Ck; j++) {
    if (kept[first + j] != 0u) {
      list[first + found] = j;
      found++;
    }
  }
  for (var i = found; i < p.Ck; i++) { list[first + i] = p.Ck; }
  count[row] = found;
}
