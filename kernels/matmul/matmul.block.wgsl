// C = A B, one 4x4 block of C per invocation, operands straight from storage.
// No workgroup memory and no barriers: caches do the sharing, which is what small
// matrices and software adapters like best. Any sizes.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M,K]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [K,N]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  let col = id.x * 4u;
  if (row >= p.M || col >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored, so the loop needs no guard.
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)) * p.K;
  let cols = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  var sums = mat4x4f(); // sums[i] is row i of the block
  for (var k = 0u; k < p.K; k++) {
    let o = k * p.N + cols;
    let bk = vec4f(b[o.x], b[o.y], b[o.z], b[o.w]);
    sums += mat4x4f(a[rows.x + k] * bk, a[rows.y + k] * bk, a[rows.z + k] * bk, a[rows.w + k] * bk);
  }
  for (var i = 0u; i < min(4u, p.M - row); i++) {
    for (var j = 0u; j < min(4u, p.N - col); j++) {
      c[(row + i) * p.N + col + j] = sums[i][j];
    }
  }
}
