// One pass over X for both paths of SVDQuant, 4 tokens by 8 ranks per invocation:
//   4-bit path:    X^ = X / lambda,  s = max|X^| / 7 per group,  q = clamp(round(X^ / s), -7, 7)
//   16-bit branch: h = X down^T, of the raw X (the caller has divided `down` by lambda)
// Four steps of K at a time. The invocations of different rank tiles share out the groups to
// quantize. Needs K divisible by 8.

struct Params { T: u32, K: u32, G: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;      // [T,K/4]
@group(0) @binding(2) var<storage, read> lambda: array<vec4f>; // [K/4]
@group(0) @binding(3) var<storage, read> down: array<vec4f>;   // [R,K/4]
@group(0) @binding(4) var<storage, read_write> codes: array<u32>;
@group(0) @binding(5) var<storage, read_write> scales: array<f32>;
@group(0) @binding(6) var<storage, read_write> h: array<f32>;

fn largest(v: vec4f) -> f32 {
  let a = abs(v);
  return max(max(a.x, a.y), max(a.z, a.w));
}

/// Four codes in the low 16 bits.
fn quantize(v: vec4f, scale: f32) -> u32 {
  let q = vec4u(vec4i(clamp(round(v / scale), vec4f(-7.0), vec4f(7.0)))) & vec4u(15u);
  return q.x | (q.y << 4u) | (q.z << 8u) | (q.w << 12u);
}

/// Four tokens against four ranks: a vector times a matrix is its dot products with the matrix's columns.
fn products(x: mat4x4f, d: mat4x4f) -> mat4x4f {
  return mat4x4f(x[0] * d, x[1] * d, x[2] * d, x[3] * d);
}

fn store(block: mat4x4f, token: u32, rank: u32) {
  for (var i = 0u; i < 4u && token + i < p.T; i++) {
    for (var j = 0u; j < 4u && rank + j < p.R; j++) {
      h[(token + i) * p.R + rank + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(1, 8)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) tiles: vec3u) {
  let token = id.y * 4u;
  let rank = id.x * 8u;
  if (token >= p.T) { return; }
  let pitch = p.K / 4u;
  let groups = (p.K + p.G - 1u) / p.G;
  // Clamped tokens and ranks are computed again and never stored.
  let rows = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u)) * pitch;
  let ranks0 = min(rank + vec4u(0, 1, 2, 3), vec4u(max(p.R, 1u) - 1u)) * pitch;
  let ranks1 = min(rank + vec4u(4, 5, 6, 7), vec4u(max(p.R, 1u) - 1u)) * pitch;
  var h0 = mat4x4f();
  var h1 = mat4x4f();
  for (var g = 0u; g < groups; g++) {
    let start = g * p.G / 4u;
    let end = min(start + p.G / 4u, pitch);
    let mine = g % tiles.x == id.x;
    var range = vec4f(); // of each of the four tokens
    for (var k = start; k < end; k++) {
      let tile = mat4x4f(x[rows.x + k], x[rows.y + k], x[rows.z + k], x[rows.w + k]);
      if (p.R > 0u) {
        h0 += products(tile, mat4x4f(down[ranks0.x + k], down[ranks0.y + k], down[ranks0.z + k], down[ranks0.w + k]));
        h1 += products(tile, mat4x4f(down[ranks1.x + k], down[ranks1.y + k], down[ranks1.z + k], down[ranks1.w + k]));
      }
      if (mine) {
        let l = lambda[k];
        range = max(range, vec4f(largest(tile[0] / l), largest(tile[1] / l), largest(tile[2] / l), largest(tile[3] / l)));
      }
    }
    if (!mine) { continue; }
    for (var i = 0u; i < min(4u, p.T - token); i++) {
      var scale = range[i] / 7.0;
      // A quotient may be off by 2.5 ulp; this remainder is exact (7 s = 8 s - s), and brings it to the nearest float.
      scale += ((range[i] - 8.0 * scale) + scale) / 7.0;
      if (scale == 0.0) { scale = 1.0; }
      scales[(token + i) * groups + g] = scale;
      for (var k = start; k < end; k += 2u) {
        let low = quantize(x[rows[i] + k] / lambda[k], scale);
        let high = quantize(x[rows[i] + k + 1u] / lambda[k + 1u], scale);
        codes[(rows[i] + k) / 2u] = low | (high << 16u);
      }
    }
  }
  store(h0, token, rank);
  store(h1, token, rank + 4u);
}
