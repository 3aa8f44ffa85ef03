// y = sum over groups of xScale * wScale * (sum over the group of xCode * wCode).
// 4x4 outputs per invocation, operands straight from storage.
// WGSL multiplies packed 8-bit integers: (w << 4) & 0xf0f0f0f0 and w & 0xf0f0f0f0 hold the even and the odd
// 4-bit codes of a word as bytes of 16 times their value, sign included, so a sum of products comes out 256
// times too large, in exact integers (for groups of up to 130 000 channels).
requires packed_4x8_integer_dot_product;

struct Params { T: u32, N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> xCodes: array<u32>;    // [T,ceil(K/8)]
@group(0) @binding(2) var<storage, read> xScales: array<f32>;   // [T,ceil(K/G)]
@group(0) @binding(3) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(4) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(5) var<storage, read_write> y: array<f32>;   // [T,N]

fn even(words: vec4u) -> vec4u { return (words << vec4u(4u)) & vec4u(0xf0f0f0f0u); }
fn odd(words: vec4u) -> vec4u { return words & vec4u(0xf0f0f0f0u); }

/// Four columns' products with one token's four codes.
fn dots(x: u32, w: vec4u) -> vec4i {
  return vec4i(dot4I8Packed(x, w.x), dot4I8Packed(x, w.y), dot4I8Packed(x, w.z), dot4I8Packed(x, w.w));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 4u;
  let col = id.x * 4u;
  if (token >= p.T || col >= p.N) { return; }
  // Clamped tokens are computed again and never stored.
  let tokens = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u));
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let pitch = (p.N + 3u) / 4u;
  var sums = mat4x4f(); // sums[i] is row i of the block
  for (var g = 0u; g < groups; g++) {
    var s0 = vec4i();
    var s1 = vec4i();
    var s2 = vec4i();
    var s3 = vec4i();
    for (var k = g * step; k < min((g + 1u) * step, words); k++) {
      let at = tokens * words + k;
      let x = vec4u(xCodes[at.x], xCodes[at.y], xCodes[at.z], xCodes[at.w]);
      let w = wCodes[k * pitch + id.x];
      let xe = even(x);
      let xo = odd(x);
      let we = even(w);
      let wo = odd(w);
      s0 += dots(xe.x, we) + dots(xo.x, wo);
      s1 += dots(xe.y, we) + dots(xo.y, wo);
      s2 += dots(xe.z, we) + dots(xo.z, wo);
      s3 += dots(xe.w, we) + dots(xo.w, wo);
    }
    let xg = tokens * groups + g;
    let xs = vec4f(xScales[xg.x], xScales[xg.y], xScales[xg.z], xScales[xg.w]) / 256.0;
    let ws = wScales[g * pitch + id.x];
    sums += mat4x4f(vec4f(s0) * (xs.x * ws), vec4f(s1) * (xs.y * ws), vec4f(s2) * (xs.z * ws), vec4f(s3) * (xs.w * ws));
  }
  for (var i = 0u; i < min(4u, p.T - token); i++) {
    for (var j = 0u; j < min(4u, p.N - col); j++) {
      y[(token + i) * p.N + col + j] = sums[i][j];
    }
  }
}
