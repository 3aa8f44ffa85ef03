// C = A B for few rows (batch 1): 64 columns of one row per workgroup. Sixteen invocations take four
// neighbouring columns each, sixteen such teams share out K, and their partial sums meet in workgroup
// memory, always in the same order. Needs K and N divisible by 4.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K,N/4]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

const TEAMS = 16u;
var<workgroup> partial: array<vec4f, 16 * TEAMS>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pitch = p.N / 4u;
  let row = group.y * (p.K / 4u);
  let col = group.x * 16u + local.x;
  let at = min(col, pitch - 1u);
  var sum = vec4f();
  for (var k = local.y; k < p.K / 4u; k += TEAMS) {
    let o = 4u * k * pitch + at;
    sum += mat4x4f(b[o], b[o + pitch], b[o + 2u * pitch], b[o + 3u * pitch]) * a[row + k];
  }
  partial[local.y * 16u + local.x] = sum;
  workgroupBarrier();
  if (local.y == 0u && col < pitch) {
    for (var team = 1u; team < TEAMS; team++) { sum += partial[team * 16u + local.x]; }
    c[group.y * pitch + col] = sum;
  }
}
