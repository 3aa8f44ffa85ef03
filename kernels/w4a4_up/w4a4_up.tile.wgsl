// y = sum over groups of xScale * wScale * (sum over the group of xCode * wCode)
//     + h up^T, the low-rank branch, added before the output leaves the registers.
// 64x64 tiles of outputs: 32 codes (4 words) of 64 tokens and of 64 columns at a time are staged in workgroup
// memory, already as bytes, so each word travels from storage and is taken apart once per tile. Every invocation
// owns 4x4 outputs: four tokens 16 apart, four neighbouring columns.
// WGSL multiplies packed 8-bit integers: (w << 4) & 0xf0f0f0f0 and w & 0xf0f0f0f0 hold the even and the odd
// 4-bit codes of a word as bytes of 16 times their value, sign included, so a sum of products comes out 256
// times too large, in exact integers (for groups of up to 130 000 channels).
requires packed_4x8_integer_dot_product;

struct Params { T: u32, N: u32, K: u32, G: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> xCodes: array<u32>;    // [T,ceil(K/8)]
@group(0) @binding(2) var<storage, read> xScales: array<f32>;   // [T,ceil(K/G)]
@group(0) @binding(3) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(4) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(5) var<storage, read> h: array<f32>;         // [T,R]
@group(0) @binding(6) var<storage, read> up: array<f32>;        // [N,R]
@group(0) @binding(7) var<storage, read_write> y: array<f32>;   // [T,N]

/// Four columns' products with one token's four codes.
fn dots(x: u32, w: vec4u) -> vec4i {
  return vec4i(dot4I8Packed(x, w.x), dot4I8Packed(x, w.y), dot4I8Packed(x, w.z), dot4I8Packed(x, w.w));
}

fn outer(h: vec4f, u: vec4f) -> mat4x4f { return mat4x4f(h.x * u, h.y * u, h.z * u, h.w * u); }

/// Rank r of four columns; columns beyond N are computed again and never stored.
fn ranks(col: u32, r: u32) -> vec4f {
  let at = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * p.R + r;
  return vec4f(up[at.x], up[at.y], up[at.z], up[at.w]);
}

const SIDE = 64u;
const DEPTH = 4u;
const PITCH = SIDE + 1u; // odd, so that a column of the tile lies on different memory banks
var<workgroup> xEven: array<u32, DEPTH * PITCH>;        // [word][token]
var<workgroup> xOdd: array<u32, DEPTH * PITCH>;
var<workgroup> wEven: array<vec4u, DEPTH * SIDE / 4u>;  // [word][column / 4]
var<workgroup> wOdd: array<vec4u, DEPTH * SIDE / 4u>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let pitch = (p.N + 3u) / 4u;
  let corner = group.y * SIDE; // first token
  let col = group.x * SIDE + local.x * 4u;
  // Clamped tokens and columns are computed again and never stored.
  let tokens = min(corner + local.y + vec4u(0, 16, 32, 48), vec4u(p.T - 1u));
  let at = min(col / 4u, pitch - 1u);
  var sums = mat4x4f(); // sums[i] is token 16i from this invocation's first
  for (var g = 0u; g < groups; g++) {
    let end = min((g + 1u) * step, words);
    var s0 = vec4i();
    var s1 = vec4i();
    var s2 = vec4i();
    var s3 = vec4i();
    for (var first = g * step; first < end; first += DEPTH) {
      let next = first + lane % DEPTH; // 256 invocations, a word each
      let row = min(corner + lane / DEPTH, p.T - 1u);
      let word = select(0u, xCodes[row * words + min(next, words - 1u)], next < end);
      xEven[lane % DEPTH * PITCH + lane / DEPTH] = (word << 4u) & 0xf0f0f0f0u;
      xOdd[lane % DEPTH * PITCH + lane / DEPTH] = word & 0xf0f0f0f0u;
      if (local.y < DEPTH) { // beyond the group the activations are zero
        let four = wCodes[min(first + local.y, words - 1u) * pitch + at];
        wEven[lane] = (four << vec4u(4u)) & vec4u(0xf0f0f0f0u);
        wOdd[lane] = four & vec4u(0xf0f0f0f0u);
      }
      workgroupBarrier();
      for (var k = 0u; k < DEPTH; k++) {
        let a = k * PITCH + local.y;
        let we = wEven[k * 16u + local.x];
        let wo = wOdd[k * 16u + local.x];
        s0 += dots(xEven[a], we) + dots(xOdd[a], wo);
        s1 += dots(xEven[a + 16u], we) + dots(xOdd[a + 16u], wo);
        s2 += dots(xEven[a + 32u], we) + dots(xOdd[a + 32u], wo);
        s3 += dots(xEven[a + 48u], we) + dots(xOdd[a + 48u], wo);
      }
      workgroupBarrier();
    }
    let xg = tokens * groups + g;
    let xs = vec4f(xScales[xg.x], xScales[xg.y], xScales[xg.z], xScales[xg.w]) / 256.0;
    let ws = wScales[g * pitch + at];
    sums += mat4x4f(vec4f(s0) * (xs.x * ws), vec4f(s1) * (xs.y * ws), vec4f(s2) * (xs.z * ws), vec4f(s3) * (xs.w * ws));
  }
  for (var r = 0u; r < p.R; r++) {
    let i = tokens * p.R + r;
    sums += outer(vec4f(h[i.x], h[i.y], h[i.z], h[i.w]), ranks(col, r));
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let token = corner + local.y + 16u * i;
      if (token < p.T && col + j < p.N) { y[token * p.N + col + j] = sums[i][j]; }
    }
  }
}
