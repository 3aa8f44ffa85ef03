// C = A B, one 4x4 block of C per invocation, operands straight from storage.
// No workgroup memory and no barriers: caches do the sharing, which is what small
// matrices and software adapters like best.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  let col = id.x * 4u;
  if (row >= p.M || col >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored, so the loop needs no guard.
  let rows = min(vec4u(row, row + 1u, row + 2u, row + 3u), vec4u(p.M - 1u)) * p.K;
  let cols = min(vec4u(col, col + 1u, col + 2u, col + 3u), vec4u(p.N - 1u));
  var s0 = vec4f();
  var s1 = vec4f();
  var s2 = vec4f();
  var s3 = vec4f();
  for (var k = 0u; k < p.K; k++) {
    let o = k * p.N;
    let bk = vec4f(b[o + cols.x], b[o + cols.y], b[o + cols.z], b[o + cols.w]);
    s0 += a[rows.x + k] * bk;
    s1 += a[rows.y + k] * bk;
    s2 += a[rows.z + k] * bk;
    s3 += a[rows.w + k] * bk;
  }
  let sums = array<vec4f, 4>(s0, s1, s2, s3);
  for (var i = 0u; i < min(4u, p.M - row); i++) {
    for (var j = 0u; j < min(4u, p.N - col); j++) {
      c[(row + i) * p.N + col + j] = sums[i][j];
    }
  }
}
