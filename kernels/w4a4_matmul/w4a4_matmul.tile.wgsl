// y = sum over groups of xScale * wScale * (sum over the group of xCode * wCode).
// 64x64 tiles of outputs: 64 codes (8 words) of 64 tokens and of 64 columns at a time are staged in workgroup
// memory, so each word travels from storage once per tile. Every invocation owns 4x4 outputs, 16 apart.
// (w << 4) & 0xf0f0f0f0 and w & 0xf0f0f0f0 hold a word's even and odd codes as bytes of 16 times their
// value, so a sum of products comes out 256 times too large, in exact integers.
requires packed_4x8_integer_dot_product;

struct Params { T: u32, N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> xCodes: array<u32>;  // [T,ceil(K/8)]
@group(0) @binding(2) var<storage, read> xScales: array<f32>; // [T,ceil(K/G)]
@group(0) @binding(3) var<storage, read> wCodes: array<u32>;  // [N,ceil(K/8)]
@group(0) @binding(4) var<storage, read> wScales: array<f32>; // [N,ceil(K/G)]
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [T,N]

fn even(words: vec4u) -> vec4u { return (words << vec4u(4u)) & vec4u(0xf0f0f0f0u); }
fn odd(words: vec4u) -> vec4u { return words & vec4u(0xf0f0f0f0u); }

/// Four columns' products with one token's four codes.
fn dots(x: u32, w: vec4u) -> vec4i {
  return vec4i(dot4I8Packed(x, w.x), dot4I8Packed(x, w.y), dot4I8Packed(x, w.z), dot4I8Packed(x, w.w));
}

const SIDE = 64u;
const DEPTH = 8u;
const PITCH = DEPTH + 1u; // odd, so that a column of the tile lies on different memory banks
var<workgroup> xTile: array<u32, SIDE * PITCH>;
var<workgroup> wTile: array<u32, SIDE * PITCH>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let corner = group.xy * SIDE; // column and token where the tile starts
  // Clamped tokens and columns are computed again and never stored.
  let tokens = min(corner.y + local.y + vec4u(0, 16, 32, 48), vec4u(p.T - 1u));
  let cols = min(corner.x + local.x + vec4u(0, 16, 32, 48), vec4u(p.N - 1u));
  var sums = mat4x4f(); // sums[i][j] is token 16i, column 16j from this invocation's first
  for (var g = 0u; g < groups; g++) {
    let end = min((g + 1u) * step, words);
    var s0 = vec4i();
    var s1 = vec4i();
    var s2 = vec4i();
    var s3 = vec4i();
    for (var first = g * step; first < end; first += DEPTH) {
      for (var i = lane; i < SIDE * DEPTH; i += 256u) {
        let row = i / DEPTH;
        let k = first + i % DEPTH;
        let at = min(k, words - 1u);
        xTile[row * PITCH + i % DEPTH] = select(0u, xCodes[min(corner.y + row, p.T - 1u) * words + at], k < end);
        wTile[row * PITCH + i % DEPTH] = select(0u, wCodes[min(corner.x + row, p.N - 1u) * words + at], k < end);
      }
      workgroupBarrier();
      for (var k = 0u; k < DEPTH; k++) {
        let a = local.y * PITCH + k;
        let b = local.x * PITCH + k;
        let x = vec4u(xTile[a], xTile[a + 16u * PITCH], xTile[a + 32u * PITCH], xTile[a + 48u * PITCH]);
        let w = vec4u(wTile[b], wTile[b + 16u * PITCH], wTile[b + 32u * PITCH], wTile[b + 48u * PITCH]);
        let xe = even(x);
        let xo = odd(x);
        let we = even(w);
        let wo = odd(w);
        s0 += dots(xe.x, we) + dots(xo.x, wo);
        s1 += dots(xe.y, we) + dots(xo.y, wo);
        s2 += dots(xe.z, we) + dots(xo.z, wo);
        s3 += dots(xe.w, we) + dots(xo.w, wo);
      }
      workgroupBarrier();
    }
    let xg = tokens * groups + g;
    let wg = cols * groups + g;
    let xs = vec4f(xScales[xg.x], xScales[xg.y], xScales[xg.z], xScales[xg.w]) / 256.0;
    let ws = vec4f(wScales[wg.x], wScales[wg.y], wScales[wg.z], wScales[wg.w]);
    sums += mat4x4f(vec4f(s0) * (xs.x * ws), vec4f(s1) * (xs.y * ws), vec4f(s2) * (xs.z * ws), vec4f(s3) * (xs.w * ws));
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let token = corner.y + local.y + 16u * i;
      let col = corner.x + local.x + 16u * j;
      if (token < p.T && col < p.N) { y[token * p.N + col] = sums[i][j]; }
    }
  }
}
