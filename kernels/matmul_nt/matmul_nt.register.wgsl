// C = A B^T, one 8x8 block of C per invocation, in registers.
// Four steps of K are loaded at once, and 4x4 blocks are multiplied with WGSL's own matrix type: a
// vector times a matrix is the vector's dot products with the matrix's columns. Needs K divisible by 4.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [N,K/4]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

/// Four rows of A against four rows of B, over four steps of K: [i][j] is the dot product of rows i and j.
fn products(a: mat4x4f, b: mat4x4f) -> mat4x4f {
  return mat4x4f(a[0] * b, a[1] * b, a[2] * b, a[3] * b);
}

fn store(block: mat4x4f, row: u32, col: u32) {
  for (var i = 0u; i < 4u && row + i < p.M; i++) {
    for (var j = 0u; j < 4u && col + j < p.N; j++) {
      c[(row + i) * p.N + col + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 8u;
  let col = id.x * 8u;
  if (row >= p.M || col >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored.
  let pitch = p.K / 4u;
  let top = min(row + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)) * pitch;
  let bottom = min(row + vec4u(4, 5, 6, 7), vec4u(p.M - 1u)) * pitch;
  let left = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * pitch;
  let right = min(col + vec4u(4, 5, 6, 7), vec4u(p.N - 1u)) * pitch;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < pitch; k++) {
    let a0 = mat4x4f(a[top.x + k], a[top.y + k], a[top.z + k], a[top.w + k]);
    let a1 = mat4x4f(a[bottom.x + k], a[bottom.y + k], a[bottom.z + k], a[bottom.w + k]);
    let b0 = mat4x4f(b[left.x + k], b[left.y + k], b[left.z + k], b[left.w + k]);
    let b1 = mat4x4f(b[right.x + k], b[right.y + k], b[right.z + k], b[right.w + k]);
    c00 += products(a0, b0);
    c01 += products(a0, b1);
    c10 += products(a1, b0);
    c11 += products(a1, b1);
  }
  store(c00, row, col);
  store(c01, row, col + 4u);
  store(c10, row + 4u, col);
  store(c11, row + 4u, col + 4u);
}
