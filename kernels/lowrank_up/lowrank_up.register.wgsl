// out = y + h up^T, one 4x4 block per invocation.

struct Params { T: u32, N: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> h: array<f32>;  // [T,R]
@group(0) @binding(2) var<storage, read> up: array<f32>; // [N,R]
@group(0) @binding(3) var<storage, read> y: array<f32>;  // [T,N]
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 4u;
  let col = id.x * 4u;
  if (token >= p.T || col >= p.N) { return; }
  // Clamped tokens and columns are computed again and never stored.
  let tokens = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u)) * p.R;
  let cols = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * p.R;
  var sums = mat4x4f(); // sums[i] is row i of the block
  for (var r = 0u; r < p.R; r++) {
    let u = vec4f(up[cols.x + r], up[cols.y + r], up[cols.z + r], up[cols.w + r]);
    sums += mat4x4f(h[tokens.x + r] * u, h[tokens.y + r] * u, h[tokens.z + r] * u, h[tokens.w + r] * u);
  }
  for (var i = 0u; i < min(4u, p.T - token); i++) {
    for (var j = 0u; j < min(4u, p.N - col); j++) {
      let at = (token + i) * p.N + col + j;
      out[at] = y[at] + sums[i][j];
    }
  }
}
