// h = X down^T, one block of 4 tokens by 4 ranks per invocation.

struct Params { T: u32, K: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;    // [T,K]
@group(0) @binding(2) var<storage, read> down: array<f32>; // [R,K]
@group(0) @binding(3) var<storage, read_write> h: array<f32>;

@compute @workgroup_size(4, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 4u;
  let rank = id.x * 4u;
  if (token >= p.T || rank >= p.R) { return; }
  // Clamped tokens and ranks are computed again and never stored.
  let tokens = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u)) * p.K;
  let ranks = min(rank + vec4u(0, 1, 2, 3), vec4u(p.R - 1u)) * p.K;
  var sums = mat4x4f(); // sums[i] holds 4 ranks of token i
  for (var k = 0u; k < p.K; k++) {
    let d = vec4f(down[ranks.x + k], down[ranks.y + k], down[ranks.z + k], down[ranks.w + k]);
    sums += mat4x4f(x[tokens.x + k] * d, x[tokens.y + k] * d, x[tokens.z + k] * d, x[tokens.w + k] * d);
  }
  for (var i = 0u; i < min(4u, p.T - token); i++) {
    for (var j = 0u; j < min(4u, p.R - rank); j++) {
      h[(token + i) * p.R + rank + j] = sums[i][j];
    }
  }
}
