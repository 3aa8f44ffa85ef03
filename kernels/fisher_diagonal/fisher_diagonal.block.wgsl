// f[n,k] = 1/T sum over t of delta[t,n]^2 x[t,k]^2, one 4x4 block of f per invocation. Any sizes.

struct Params { T: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> delta: array<f32>; // [T,N]
@group(0) @binding(2) var<storage, read> x: array<f32>;     // [T,K]
@group(0) @binding(3) var<storage, read_write> f: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  let col = id.x * 4u;
  if (row >= p.N || col >= p.K) { return; }
  // Clamped rows and columns are computed again and never stored.
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let cols = min(col + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  var sums = mat4x4f(); // sums[i] is row i of the block
  for (var t = 0u; t < p.T; t++) {
    let d = rows + t * p.N;
    let a = cols + t * p.K;
    let left = vec4f(delta[d.x], delta[d.y], delta[d.z], delta[d.w]);
    let line = vec4f(x[a.x], x[a.y], x[a.z], x[a.w]);
    let g = left * left;
    let h = line * line;
    sums += mat4x4f(g.x * h, g.y * h, g.z * h, g.w * h);
  }
  for (var i = 0u; i < min(4u, p.N - row); i++) {
    for (var j = 0u; j < min(4u, p.K - col); j++) {
      f[(row + i) * p.K + col + j] = sums[i][j] / f32(p.T);
    }
  }
}
