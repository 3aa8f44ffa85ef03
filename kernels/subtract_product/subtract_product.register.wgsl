// R = W - up * down, one 4x4 block of R per invocation.

struct Params { N: u32, K: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;    // [N,K]
@group(0) @binding(2) var<storage, read> up: array<f32>;   // [N,R]
@group(0) @binding(3) var<storage, read> down: array<f32>; // [R,K]
@group(0) @binding(4) var<storage, read_write> r: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  let col = id.x * 4u;
  if (row >= p.N || col >= p.K) { return; }
  // Clamped rows and columns are computed again and never stored.
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let cols = min(col + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  var low = mat4x4f(); // low[i] is row i of the block of up * down
  for (var k = 0u; k < p.R; k++) {
    let d = k * p.K + cols;
    let line = vec4f(down[d.x], down[d.y], down[d.z], down[d.w]);
    let u = rows * p.R + k;
    low += mat4x4f(up[u.x] * line, up[u.y] * line, up[u.z] * line, up[u.w] * line);
  }
  for (var i = 0u; i < min(4u, p.N - row); i++) {
    for (var j = 0u; j < min(4u, p.K - col); j++) {
      let at = (row + i) * p.K + col + j;
      r[at] = w[at] - low[i][j];
    }
  }
}
