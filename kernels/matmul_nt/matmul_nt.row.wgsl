// C = A B^T for few rows (batch 1): eight columns of one row per workgroup. Thirty-two invocations walk K
// side by side for each column, and their partial sums meet in workgroup memory, always in the same order.
// Needs K divisible by 4.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [N,K/4]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

const LANES = 32u;
var<workgroup> partial: array<f32, 8 * LANES>;

@compute @workgroup_size(32, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pitch = p.K / 4u;
  let row = group.y * pitch;
  let col = min(group.x * 8u + local.y, p.N - 1u) * pitch;
  var sum = 0.0;
  for (var k = local.x; k < pitch; k += LANES) { sum += dot(a[row + k], b[col + k]); }
  partial[local.y * LANES + local.x] = sum;
  workgroupBarrier();
  let done = group.x * 8u + local.x;
  if (local.y == 0u && local.x < 8u && done < p.N) {
    sum = 0.0;
    for (var lane = 0u; lane < LANES; lane++) { sum += partial[local.x * LANES + lane]; }
    c[group.y * p.N + done] = sum;
  }
}
