enable subgroups;
diagnostic(off, subgroup_uniformity); // whole quads leave early, never a part of one

// C = A B, one 16x8 block of C per invocation, in registers. The four invocations of a quad stand side by
// side and need the same rows of A: each loads every fourth of them and broadcasts it to the others, at
// whatever width the device's subgroups have. Needs K and N divisible by 4.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K,N/4]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

/// True in a quad of four neighbours of one row, in their order. WGSL does not promise such quads.
fn side_by_side(id: vec3u) -> bool {
  let x = vec4u(quadBroadcast(id.x, 0u), quadBroadcast(id.x, 1u), quadBroadcast(id.x, 2u), quadBroadcast(id.x, 3u));
  let y = vec4u(quadBroadcast(id.y, 0u), quadBroadcast(id.y, 1u), quadBroadcast(id.y, 2u), quadBroadcast(id.y, 3u));
  return all(x == id.x / 4u * 4u + vec4u(0, 1, 2, 3)) && all(y == vec4u(id.y));
}

/// The block without any help from neighbours, for devices that form other quads.
fn alone(row: u32, col: u32) {
  for (var i = row; i < min(row + 16u, p.M); i++) {
    for (var j = col / 4u; j < min(col + 8u, p.N) / 4u; j++) {
      var sum = vec4f();
      for (var k = 0u; k < p.K; k++) { sum += a[(i * p.K + k) / 4u][k % 4u] * b[k * (p.N / 4u) + j]; }
      c[i * (p.N / 4u) + j] = sum;
    }
  }
}

/// The quad's four vectors, in every invocation of it.
fn shared_rows(v: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

fn store(block: mat4x4f, row: u32, col: u32) {
  if (col >= p.N) { return; }
  for (var i = 0u; i < 4u && row + i < p.M; i++) {
    c[((row + i) * p.N + col) / 4u] = block[i];
  }
}

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 16u;
  let col = id.x * 8u;
  if (!side_by_side(id)) { alone(row, col); return; }
  let lane = id.x % 4u;
  if (row >= p.M || col - 8u * lane >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored.
  let rows = min(row + lane + vec4u(0, 4, 8, 12), vec4u(p.M - 1u)) * (p.K / 4u);
  let pitch = p.N / 4u;
  let left = min(col / 4u, pitch - 1u);
  let right = min(left + 1u, pitch - 1u);
  // Rows of A are the columns of a0, rows of B those of b0: column i of b0 * a0 is row i of the product.
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c20 = mat4x4f();
  var c21 = mat4x4f();
  var c30 = mat4x4f();
  var c31 = mat4x4f();
  for (var k = 0u; k < p.K / 4u; k++) {
    let o = 4u * k * pitch;
    let b0 = mat4x4f(b[o + left], b[o + pitch + left], b[o + 2u * pitch + left], b[o + 3u * pitch + left]);
    let b1 = mat4x4f(b[o + right], b[o + pitch + right], b[o + 2u * pitch + right], b[o + 3u * pitch + right]);
    let a0 = shared_rows(a[rows.x + k]);
    c00 += b0 * a0;
    c01 += b1 * a0;
    let a1 = shared_rows(a[rows.y + k]);
    c10 += b0 * a1;
    c11 += b1 * a1;
    let a2 = shared_rows(a[rows.z + k]);
    c20 += b0 * a2;
    c21 += b1 * a2;
    let a3 = shared_rows(a[rows.w + k]);
    c30 += b0 * a3;
    c31 += b1 * a3;
  }
  store(c00, row, col);
  store(c01, row, col + 4u);
  store(c10, row + 4u, col);
  store(c11, row + 4u, col + 4u);
  store(c20, row + 8u, col);
  store(c21, row + 8u, col + 4u);
  store(c30, row + 12u, col);
  store(c31, row + 12u, col + 4u);
}
