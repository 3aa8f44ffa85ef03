// C = A B, one 8x8 block of C per invocation, in registers.
// Four numbers are loaded at once, and 4x4 blocks are multiplied with WGSL's own matrix type:
// with rows of A as the columns of `a0` and rows of B as the columns of `b0`, column i of b0 * a0
// is sum over k of A[i,k] B[k,:], which is row i of C. Needs K and N divisible by 4.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K,N/4]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

fn store(block: mat4x4f, row: u32, col: u32) {
  if (col >= p.N) { return; }
  for (var i = 0u; i < 4u && row + i < p.M; i++) {
    c[((row + i) * p.N + col) / 4u] = block[i];
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 8u;
  let col = id.x * 8u;
  if (row >= p.M || col >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored.
  let top = min(row + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)) * (p.K / 4u);
  let bottom = min(row + vec4u(4, 5, 6, 7), vec4u(p.M - 1u)) * (p.K / 4u);
  let pitch = p.N / 4u;
  let left = col / 4u;
  let right = min(left + 1u, pitch - 1u);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < p.K / 4u; k++) {
    let a0 = mat4x4f(a[top.x + k], a[top.y + k], a[top.z + k], a[top.w + k]);
    let a1 = mat4x4f(a[bottom.x + k], a[bottom.y + k], a[bottom.z + k], a[bottom.w + k]);
    let o = 4u * k * pitch;
    let b0 = mat4x4f(b[o + left], b[o + pitch + left], b[o + 2u * pitch + left], b[o + 3u * pitch + left]);
    let b1 = mat4x4f(b[o + right], b[o + pitch + right], b[o + 2u * pitch + right], b[o + 3u * pitch + right]);
    c00 += b0 * a0;
    c01 += b1 * a0;
    c10 += b0 * a1;
    c11 += b1 * a1;
  }
  store(c00, row, col);
  store(c01, row, col + 4u);
  store(c10, row + 4u, col);
  store(c11, row + 4u, col + 4u);
}
