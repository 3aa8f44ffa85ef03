enable subgroups;
diagnostic(off, subgroup_uniformity); // whole quads leave early, never a part of one

// out = y + h up^T, one 8x8 block per invocation. The four invocations of a quad stand side by side and need
// the same tokens of h: each loads two of them and broadcasts them to the others, at whatever width the
// device's subgroups have. Needs R divisible by 4.

struct Params { T: u32, N: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> h: array<vec4f>;  // [T,R/4]
@group(0) @binding(2) var<storage, read> up: array<vec4f>; // [N,R/4]
@group(0) @binding(3) var<storage, read> y: array<f32>;    // [T,N]
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

/// True in a quad of four neighbours of one row, in their order. WGSL does not promise such quads.
fn side_by_side(id: vec3u) -> bool {
  let x = vec4u(quadBroadcast(id.x, 0u), quadBroadcast(id.x, 1u), quadBroadcast(id.x, 2u), quadBroadcast(id.x, 3u));
  let y = vec4u(quadBroadcast(id.y, 0u), quadBroadcast(id.y, 1u), quadBroadcast(id.y, 2u), quadBroadcast(id.y, 3u));
  return all(x == id.x / 4u * 4u + vec4u(0, 1, 2, 3)) && all(y == vec4u(id.y));
}

/// The block without any help from neighbours, for devices that form other quads.
fn alone(row: u32, col: u32) {
  for (var i = row; i < min(row + 8u, p.T); i++) {
    for (var j = col; j < min(col + 8u, p.N); j++) {
      var sum = 0.0;
      for (var k = 0u; k < p.R / 4u; k++) { sum += dot(h[i * (p.R / 4u) + k], up[j * (p.R / 4u) + k]); }
      out[i * p.N + j] = y[i * p.N + j] + sum;
    }
  }
}

/// The quad's four vectors, in every invocation of it.
fn shared_rows(v: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

fn store(block: mat4x4f, row: u32, col: u32) {
  for (var i = 0u; i < 4u && row + i < p.T; i++) {
    for (var j = 0u; j < 4u && col + j < p.N; j++) {
      let at = (row + i) * p.N + col + j;
      out[at] = y[at] + block[i][j];
    }
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 8u;
  let col = id.x * 8u;
  if (!side_by_side(id)) { alone(row, col); return; }
  let lane = id.x % 4u;
  if (row >= p.T || col - 8u * lane >= p.N) { return; }
  // Clamped rows and columns are computed again and never stored.
  let pitch = p.R / 4u;
  let rows = min(row + lane + vec2u(0, 4), vec2u(p.T - 1u)) * pitch;
  let left = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * pitch;
  let right = min(col + vec4u(4, 5, 6, 7), vec4u(p.N - 1u)) * pitch;
  // Rows of h are the columns of h0, rows of up the rows of u0: column i of u0 * h0 is row i of the product.
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < pitch; k++) {
    let u0 = transpose(mat4x4f(up[left.x + k], up[left.y + k], up[left.z + k], up[left.w + k]));
    let u1 = transpose(mat4x4f(up[right.x + k], up[right.y + k], up[right.z + k], up[right.w + k]));
    let h0 = shared_rows(h[rows.x + k]);
    c00 += u0 * h0;
    c01 += u1 * h0;
    let h1 = shared_rows(h[rows.y + k]);
    c10 += u0 * h1;
    c11 += u1 * h1;
  }
  store(c00, row, col);
  store(c01, row, col + 4u);
  store(c10, row + 4u, col);
  store(c11, row + 4u, col + 4u);
}
