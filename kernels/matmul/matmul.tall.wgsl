enable subgroups;
diagnostic(off, subgroup_uniformity); // whole quads leave early, never a part of one

// C = A B for few columns, one 8x16 block of C per invocation, in registers. The four invocations of a quad
// stand below one another and need the same numbers of B: each loads one of four steps of K and broadcasts
// it to the others, at whatever width the device's subgroups have. Any sizes.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M,K]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [K,N]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

/// True in a quad of four neighbours in their order. WGSL does not promise such quads.
fn in_line(id: vec3u) -> bool {
  let x = vec4u(quadBroadcast(id.x, 0u), quadBroadcast(id.x, 1u), quadBroadcast(id.x, 2u), quadBroadcast(id.x, 3u));
  return all(x == id.x / 4u * 4u + vec4u(0, 1, 2, 3));
}

/// The block without any help from neighbours, for devices that form other quads.
fn alone(row: u32, col: u32) {
  for (var i = row; i < min(row + 8u, p.M); i++) {
    for (var j = col; j < min(col + 16u, p.N); j++) {
      var sum = 0.0;
      for (var k = 0u; k < p.K; k++) { sum += a[i * p.K + k] * b[k * p.N + j]; }
      c[i * p.N + j] = sum;
    }
  }
}

fn steps(start: u32, k: vec4u, inside: vec4<bool>) -> vec4f {
  let at = start + k;
  return select(vec4f(), vec4f(a[at.x], a[at.y], a[at.z], a[at.w]), inside);
}

/// Four columns of B at this invocation's step of K, and so at four steps for the quad.
fn shared_lines(start: u32, cols: vec4u) -> mat4x4f {
  let at = start + min(cols, vec4u(p.N - 1u));
  let v = vec4f(b[at.x], b[at.y], b[at.z], b[at.w]);
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

fn store(block: mat4x4f, row: u32, col: u32) {
  for (var i = 0u; i < 4u && row + i < p.M; i++) {
    for (var j = 0u; j < 4u && col + j < p.N; j++) {
      c[(row + i) * p.N + col + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x * 8u;
  let col = id.y * 16u;
  if (!in_line(id)) { alone(row, col); return; }
  let lane = id.x % 4u;
  if (row - 8u * lane >= p.M) { return; }
  // Clamped rows and columns are computed again and never stored.
  let top = min(row + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)) * p.K;
  let bottom = min(row + vec4u(4, 5, 6, 7), vec4u(p.M - 1u)) * p.K;
  let cols = col + vec4u(0, 1, 2, 3);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c02 = mat4x4f();
  var c03 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c12 = mat4x4f();
  var c13 = mat4x4f();
  for (var first = 0u; first < p.K; first += 4u) {
    let inside = first + vec4u(0, 1, 2, 3) < vec4u(p.K);
    let k = min(first + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
    let a0 = mat4x4f(steps(top.x, k, inside), steps(top.y, k, inside), steps(top.z, k, inside), steps(top.w, k, inside));
    let a1 = mat4x4f(steps(bottom.x, k, inside), steps(bottom.y, k, inside), steps(bottom.z, k, inside), steps(bottom.w, k, inside));
    let o = min(first + lane, p.K - 1u) * p.N;
    let b0 = shared_lines(o, cols);
    c00 += b0 * a0;
    c10 += b0 * a1;
    let b1 = shared_lines(o, cols + 4u);
    c01 += b1 * a0;
    c11 += b1 * a1;
    let b2 = shared_lines(o, cols + 8u);
    c02 += b2 * a0;
    c12 += b2 * a1;
    let b3 = shared_lines(o, cols + 12u);
    c03 += b3 * a0;
    c13 += b3 * a1;
  }
  store(c00, row, col);
  store(c01, row, col + 4u);
  store(c02, row, col + 8u);
  store(c03, row, col + 12u);
  store(c10, row + 4u, col);
  store(c11, row + 4u, col + 4u);
  store(c12, row + 4u, col + 8u);
  store(c13, row + 4u, col + 12u);
}
