// m[j] = max over i of |x[i,j]|, 16 columns per workgroup: invocation (c, r) takes every 16th row of
// column c, then the 16 partial maxima of each column meet in a tree.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;

var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let col = (group.x + group.y * groups.x) * 16u + local.x;
  var largest = 0.0;
  if (col < p.N) {
    for (var row = local.y; row < p.M; row += 16u) {
      largest = max(largest, abs(x[row * p.N + col]));
    }
  }
  partial[lane] = largest;
  for (var half = 128u; half >= 16u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] = max(partial[lane], partial[lane + half]); }
  }
  if (local.y == 0u && col < p.N) { m[col] = partial[lane]; }
}
