enable subgroups;
diagnostic(off, subgroup_uniformity); // whole quads leave early, never a part of one

// C = A B^T, one 16x8 block of C per invocation, in registers, any sizes: as the variant for multiples of 4,
// but numbers are loaded one by one, and steps beyond K count as zeros of A.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M,K]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [N,K]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

/// True in a quad of four neighbours of one row, in their order. WGSL does not promise such quads.
fn side_by_side(id: vec3u) -> bool {
  let x = vec4u(quadBroadcast(id.x, 0u), quadBroadcast(id.x, 1u), quadBroadcast(id.x, 2u), quadBroadcast(id.x, 3u));
  let y = vec4u(quadBroadcast(id.y, 0u), quadBroadcast(id.y, 1u), quadBroadcast(id.y, 2u), quadBroadcast(id.y, 3u));
  return all(x == id.x / 4u * 4u + vec4u(0, 1, 2, 3)) && all(y == vec4u(id.y));
}

/// The block without any help from neighbours, for devices that form other quads.
fn alone(row: u32, col: u32) {
  for (var i = row; i < min(row + 16u, p.M); i++) {
    for (var j = col; j < min(col + 8u, p.N); j++) {
      var sum = 0.0;
      for (var k = 0u; k < p.K; k++) { sum += a[i * p.K + k] * b[j * p.K + k]; }
      c[i * p.N + j] = sum;
    }
  }
}

/// Four steps of K of one row of A for each invocation, and so of four rows for the quad.
fn shared_rows(start: u32, k: vec4u, inside: vec4<bool>) -> mat4x4f {
  let at = start + k;
  let v = select(vec4f(), vec4f(a[at.x], a[at.y], a[at.z], a[at.w]), inside);
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

/// Four steps of K of four rows of B, as columns.
fn columns(rows: vec4u, k: vec4u) -> mat4x4f {
  let x = rows.x + k;
  let y = rows.y + k;
  let z = rows.z + k;
  let w = rows.w + k;
  return transpose(mat4x4f(vec4f(b[x.x], b[x.y], b[x.z], b[x.w]), vec4f(b[y.x], b[y.y], b[y.z], b[y.w]),
    vec4f(b[z.x], b[z.y], b[z.z], b[z.w]), vec4f(b[w.x], b[w.y], b[w.z], b[w.w])));
}

fn store(block: mat4x4f, row: u32, col: u32) {
  for (var i = 0u; i < 4u && row + i < p.M; i++) {
    for (var j = 0u; j < 4u && col + j < p.N; j++) {
      c[(row + i) * p.N + col + j] = block[i][j];
    }
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
  let rows = min(row + lane + vec4u(0, 4, 8, 12), vec4u(p.M - 1u)) * p.K;
  let left = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * p.K;
  let right = min(col + vec4u(4, 5, 6, 7), vec4u(p.N - 1u)) * p.K;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c20 = mat4x4f();
  var c21 = mat4x4f();
  var c30 = mat4x4f();
  var c31 = mat4x4f();
  for (var first = 0u; first < p.K; first += 4u) {
    let inside = first + vec4u(0, 1, 2, 3) < vec4u(p.K);
    let k = min(first + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
    let b0 = columns(left, k);
    let b1 = columns(right, k);
    let a0 = shared_rows(rows.x, k, inside);
    c00 += b0 * a0;
    c01 += b1 * a0;
    let a1 = shared_rows(rows.y, k, inside);
    c10 += b0 * a1;
    c11 += b1 * a1;
    let a2 = shared_rows(rows.z, k, inside);
    c20 += b0 * a2;
    c21 += b1 * a2;
    let a3 = shared_rows(rows.w, k, inside);
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
