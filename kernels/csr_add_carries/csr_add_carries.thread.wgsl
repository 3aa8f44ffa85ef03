// y[n] = partial[n] + the carries of the threads after the one in whose share row n begins, up to the one in which it
// ends, in their order. One row per invocation.

struct Params { N: u32, Z: u32, S: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rowptr: array<u32>;  // [N+1]
@group(0) @binding(2) var<storage, read> partial: array<f32>; // [N]
@group(0) @binding(3) var<storage, read> carries: array<f32>; // [S]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= p.N) { return; }
  var sum = partial[row];
  let begin = rowptr[row];
  let end = rowptr[row + 1u];
  if (begin < end) {
    let share = (p.Z + p.S - 1u) / p.S;
    let last = (end - 1u) / share;
    for (var t = begin / share + 1u; t <= last; t++) { sum += carries[t]; }
  }
  y[row] = sum;
}
