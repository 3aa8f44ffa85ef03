// m[i] = max over j of |x[i,j]|, one row per workgroup: each invocation takes every 64th
// column, then the 64 partial results meet in a tree whose order never changes.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if (row >= p.M) { return; }
  var largest = 0.0;
  for (var i = row * p.N + lane; i < (row + 1u) * p.N; i += 64u) {
    largest = max(largest, abs(x[i]));
  }
  partial[lane] = largest;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] = max(partial[lane], partial[lane + half]); }
  }
  if (lane == 0u) { m[row] = partial[0]; }
}
