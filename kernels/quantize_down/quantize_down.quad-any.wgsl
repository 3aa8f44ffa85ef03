// One pass over X for both paths of SVDQuant, 16 tokens by 16 ranks per quad of invocations:
//   4-bit path:    X^ = X / lambda,  s = max|X^| / 7 per group,  q = clamp(round(X^ / s), -7, 7)
//   16-bit branch: h = X down^T, of the raw X (the caller has divided `down` by lambda)
// Each invocation loads and quantizes four tokens; the quad shares their numbers, and each multiplies all
// sixteen with four ranks of its own. The quads of different rank tiles share out the groups to
// quantize. Any K: numbers are loaded one by one, and those beyond K count as zeros.
enable subgroups;

struct Params { T: u32, K: u32, G: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;        // [T,K]
@group(0) @binding(2) var<storage, read> lambda: array<f32>;   // [K]
@group(0) @binding(3) var<storage, read> down: array<f32>;     // [R,K]
@group(0) @binding(4) var<storage, read_write> codes: array<u32>;
@group(0) @binding(5) var<storage, read_write> scales: array<f32>;
@group(0) @binding(6) var<storage, read_write> h: array<f32>;

/// The largest magnitude, as bits: without their sign, floats are ordered as integers are.
fn largest(v: vec4f) -> i32 {
  let a = bitcast<vec4i>(v) & vec4i(0x7fffffff);
  return max(max(a.x, a.y), max(a.z, a.w));
}

/// Four codes in the low 16 bits. Plus 3 * 2^22, a rounded quotient stands in the lowest bits of the float, in two's complement.
fn quantize(v: vec4f, scale: f32) -> u32 {
  let sum = bitcast<vec4i>(round(v / scale) + 12582912.0);
  let q = vec4u(clamp(sum, vec4i(0x4b3ffff9), vec4i(0x4b400007))) & vec4u(15u);
  return q.x | (q.y << 4u) | (q.z << 8u) | (q.w << 12u);
}

/// Four steps of K of one token.
fn token4(row: u32, k: u32) -> vec4f {
  let at = k + vec4u(0, 1, 2, 3);
  let i = row + min(at, vec4u(p.K - 1u));
  return select(vec4f(), vec4f(x[i.x], x[i.y], x[i.z], x[i.w]), at < vec4u(p.K));
}

/// Four steps of K of one rank: beyond K the tokens are zero.
fn rank4(row: u32, k: u32) -> vec4f {
  let i = row + min(k + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  return vec4f(down[i.x], down[i.y], down[i.z], down[i.w]);
}

/// Component i is what the quad's invocation i brought.
fn gather(v: f32) -> vec4f {
  return vec4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

/// The four tokens that the quad's invocations brought, against four ranks: column i is token i.
fn products(x: vec4f, d: mat4x4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(x, 0u) * d, quadBroadcast(x, 1u) * d, quadBroadcast(x, 2u) * d, quadBroadcast(x, 3u) * d);
}

fn store(block: mat4x4f, token: u32, rank: u32) {
  for (var i = 0u; i < 4u && token + i < p.T; i++) {
    for (var j = 0u; j < 4u && rank + j < p.R; j++) {
      h[(token + i) * p.R + rank + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(num_workgroups) tiles: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let token = tile.y * 16u;
  let rank = tile.x * 16u + lane * 4u;
  let words = (p.K + 7u) / 8u;
  let groups = (p.K + p.G - 1u) / p.G;
  // Clamped tokens and ranks are computed again and never stored.
  let tokens = token + lane + vec4u(0, 4, 8, 12); // this invocation's own
  let rows = min(tokens, vec4u(p.T - 1u)) * p.K;
  let ranks = min(rank + vec4u(0, 1, 2, 3), vec4u(max(p.R, 1u) - 1u)) * p.K;
  var h0 = mat4x4f();
  var h1 = mat4x4f();
  var h2 = mat4x4f();
  var h3 = mat4x4f();
  for (var g = 0u; g < groups; g++) {
    let start = g * p.G;
    let end = min(start + p.G, p.K);
    let mine = g % tiles.x == tile.x;
    var bits = vec4i(); // of the ranges of the four tokens
    for (var k = start; k < end; k += 4u) {
      let t = mat4x4f(token4(rows.x, k), token4(rows.y, k), token4(rows.z, k), token4(rows.w, k));
      if (p.R > 0u) {
        let d = mat4x4f(rank4(ranks.x, k), rank4(ranks.y, k), rank4(ranks.z, k), rank4(ranks.w, k));
        h0 += products(t[0], d);
        h1 += products(t[1], d);
        h2 += products(t[2], d);
        h3 += products(t[3], d);
      }
      if (mine) {
        let l = gather(lambda[min(k + lane, p.K - 1u)]);
        bits = max(bits, vec4i(largest(t[0] / l), largest(t[1] / l), largest(t[2] / l), largest(t[3] / l)));
      }
    }
    if (!mine) { continue; }
    let range = bitcast<vec4f>(bits);
    var scale = range / 7.0;
    // A quotient may be off by 2.5 ulp; this remainder is exact (7 s = 8 s - s), and brings it to the nearest float.
    scale += ((range - 8.0 * scale) + scale) / 7.0;
    scale = select(scale, vec4f(1.0), scale == vec4f());
    for (var k = start; k < end; k += 8u) {
      let l0 = gather(lambda[min(k + lane, p.K - 1u)]);
      let l1 = gather(lambda[min(k + 4u + lane, p.K - 1u)]);
      for (var i = 0u; i < 4u; i++) {
        let word = quantize(token4(rows[i], k) / l0, scale[i]) | (quantize(token4(rows[i], k + 4u) / l1, scale[i]) << 16u);
        if (tokens[i] < p.T) { codes[tokens[i] * words + k / 8u] = word; }
      }
    }
    for (var i = 0u; i < 4u; i++) {
      if (tokens[i] < p.T) { scales[tokens[i] * groups + g] = scale[i]; }
    }
  }
  store(h0, token, rank);
  store(h1, token + 4u, rank);
  store(h2, token + 8u, rank);
  store(h3, token + 12u, rank);
}
