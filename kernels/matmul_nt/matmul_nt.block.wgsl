// C = A B^T, one 4x4 block of C per invocation, operands straight from storage. Any sizes.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M,K]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [N,K]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  let col = id.x * 4u;
  if (row >= p.M || col >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored, so the loop needs no guard.
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)) * p.K;
  let cols = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * p.K;
  var sums = mat4x4f(); // sums[i] is row i of the block
  for (var k = 0u; k < p.K; k++) {
    let bk = vec4f(b[cols.x + k], b[cols.y + k], b[cols.z + k], b[cols.w + k]);
    sums += mat4x4f(a[rows.x + k] * bk, a[rows.y + k] * bk, a[rows.z + k] * bk, a[rows.w + k] * bk);
  }
  for (var i = 0u; i < min(4u, p.M - row); i++) {
    for (var j = 0u; j < min(4u, p.N - col); j++) {
      c[(row + i) * p.N + col + j] = sums[i][j];
    }
  }
}
