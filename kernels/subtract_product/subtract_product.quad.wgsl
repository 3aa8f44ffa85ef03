enable subgroups;
diagnostic(off, subgroup_uniformity); // whole quads leave early, never a part of one

// R = W - up * down, one 8x8 block of R per invocation. The four invocations of a quad stand side by side and
// need the same rows of up: each loads two of them and broadcasts them to the others, at whatever width the
// device's subgroups have. Needs K and R divisible by 4.

struct Params { N: u32, K: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;    // [N,K/4]
@group(0) @binding(2) var<storage, read> up: array<vec4f>;   // [N,R/4]
@group(0) @binding(3) var<storage, read> down: array<vec4f>; // [R,K/4]
@group(0) @binding(4) var<storage, read_write> r: array<vec4f>;

/// True in a quad of four neighbours of one row, in their order. WGSL does not promise such quads.
fn side_by_side(id: vec3u) -> bool {
  let x = vec4u(quadBroadcast(id.x, 0u), quadBroadcast(id.x, 1u), quadBroadcast(id.x, 2u), quadBroadcast(id.x, 3u));
  let y = vec4u(quadBroadcast(id.y, 0u), quadBroadcast(id.y, 1u), quadBroadcast(id.y, 2u), quadBroadcast(id.y, 3u));
  return all(x == id.x / 4u * 4u + vec4u(0, 1, 2, 3)) && all(y == vec4u(id.y));
}

/// The block without any help from neighbours, for devices that form other quads.
fn alone(row: u32, col: u32) {
  for (var i = row; i < min(row + 8u, p.N); i++) {
    for (var j = col / 4u; j < min(col + 8u, p.K) / 4u; j++) {
      var sum = vec4f();
      for (var k = 0u; k < p.R; k++) { sum += up[(i * p.R + k) / 4u][k % 4u] * down[k * (p.K / 4u) + j]; }
      r[i * (p.K / 4u) + j] = w[i * (p.K / 4u) + j] - sum;
    }
  }
}

/// The quad's four vectors, in every invocation of it.
fn shared_rows(v: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

fn store(block: mat4x4f, row: u32, col: u32) {
  if (col >= p.K) { return; }
  for (var i = 0u; i < 4u && row + i < p.N; i++) {
    let at = ((row + i) * p.K + col) / 4u;
    r[at] = w[at] - block[i];
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 8u;
  let col = id.x * 8u;
  if (!side_by_side(id)) { alone(row, col); return; }
  let lane = id.x % 4u;
  if (row >= p.N || col - 8u * lane >= p.K) { return; }
  // Clamped rows and columns are computed again and never stored.
  let rows = min(row + lane + vec2u(0, 4), vec2u(p.N - 1u)) * (p.R / 4u);
  let pitch = p.K / 4u;
  let left = min(col / 4u, pitch - 1u);
  let right = min(left + 1u, pitch - 1u);
  // Rows of up are the columns of u0, rows of down those of d0: column i of d0 * u0 is row i of the product.
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < p.R / 4u; k++) {
    let o = 4u * k * pitch;
    let d0 = mat4x4f(down[o + left], down[o + pitch + left], down[o + 2u * pitch + left], down[o + 3u * pitch + left]);
    let d1 = mat4x4f(down[o + right], down[o + pitch + right], down[o + 2u * pitch + right], down[o + 3u * pitch + right]);
    let u0 = shared_rows(up[rows.x + k]);
    c00 += d0 * u0;
    c01 += d1 * u0;
    let u1 = shared_rows(up[rows.y + k]);
    c10 += d0 * u1;
    c11 += d1 * u1;
  }
  store(c00, row, col);
  store(c01, row, col + 4u);
  store(c10, row + 4u, col);
  store(c11, row + 4u, col + 4u);
}
