// y = sum over groups of xScale * wScale * (sum over the group of xCode * wCode)
//     + h up^T, the low-rank branch, added before the output leaves the registers.
// One 4x4 block of outputs per invocation. Codes are expanded to floats, four at a time; their sums stay
// exact while they are below 2^24, that is for groups of up to 300 000 channels.

struct Params { T: u32, N: u32, K: u32, G: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> xCodes: array<u32>;  // [T,ceil(K/8)]
@group(0) @binding(2) var<storage, read> xScales: array<f32>; // [T,ceil(K/G)]
@group(0) @binding(3) var<storage, read> wCodes: array<u32>;  // [N,ceil(K/8)]
@group(0) @binding(4) var<storage, read> wScales: array<f32>; // [N,ceil(K/G)]
@group(0) @binding(5) var<storage, read> h: array<f32>;       // [T,R]
@group(0) @binding(6) var<storage, read> up: array<f32>;      // [N,R]
@group(0) @binding(7) var<storage, read_write> y: array<f32>; // [T,N]

/// Four signed codes, the first at bit 28 - shift.x, as floats: to the top of the word, then down with the sign.
fn expand(word: u32, shift: vec4u) -> vec4f {
  return vec4f(bitcast<vec4i>(vec4u(word) << shift) >> vec4u(28u));
}

/// Four codes of each of four rows.
fn block(words: vec4u, shift: vec4u) -> mat4x4f {
  return mat4x4f(expand(words.x, shift), expand(words.y, shift), expand(words.z, shift), expand(words.w, shift));
}

/// Four codes of four tokens against those of four columns: [i][j] is the dot product of token i's and column j's.
fn products(x: mat4x4f, w: mat4x4f) -> mat4x4f {
  return mat4x4f(x[0] * w, x[1] * w, x[2] * w, x[3] * w);
}

const LOW = vec4u(28, 24, 20, 16);
const HIGH = vec4u(12, 8, 4, 0);

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 4u;
  let col = id.x * 4u;
  if (token >= p.T || col >= p.N) { return; }
  // Clamped tokens and columns are computed again and never stored.
  let tokens = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u));
  let cols = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let xRow = tokens * words;
  let wRow = cols * words;
  let xGroup = tokens * groups;
  let wGroup = cols * groups;
  var sums = mat4x4f(); // sums[i] is row i of the block
  for (var g = 0u; g < groups; g++) {
    var s = mat4x4f();
    for (var k = g * step; k < min((g + 1u) * step, words); k++) {
      let x = vec4u(xCodes[xRow.x + k], xCodes[xRow.y + k], xCodes[xRow.z + k], xCodes[xRow.w + k]);
      let w = vec4u(wCodes[wRow.x + k], wCodes[wRow.y + k], wCodes[wRow.z + k], wCodes[wRow.w + k]);
      s += products(block(x, LOW), block(w, LOW));
      s += products(block(x, HIGH), block(w, HIGH));
    }
    let xs = vec4f(xScales[xGroup.x + g], xScales[xGroup.y + g], xScales[xGroup.z + g], xScales[xGroup.w + g]);
    let ws = vec4f(wScales[wGroup.x + g], wScales[wGroup.y + g], wScales[wGroup.z + g], wScales[wGroup.w + g]);
    sums += mat4x4f(s[0] * (xs.x * ws), s[1] * (xs.y * ws), s[2] * (xs.z * ws), s[3] * (xs.w * ws));
  }
  let hRow = tokens * p.R;
  let upRow = cols * p.R;
  for (var r = 0u; r < p.R; r++) {
    let u = vec4f(up[upRow.x + r], up[upRow.y + r], up[upRow.z + r], up[upRow.w + r]);
    sums += mat4x4f(h[hRow.x + r] * u, h[hRow.y + r] * u, h[hRow.z + r] * u, h[hRow.w + r] * u);
  }
  for (var i = 0u; i < min(4u, p.T - token); i++) {
    for (var j = 0u; j < min(4u, p.N - col); j++) {
      y[(token + i) * p.N + col + j] = sums[i][j];
    }
  }
}
