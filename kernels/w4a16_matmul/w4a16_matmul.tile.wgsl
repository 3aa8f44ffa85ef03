// y = x W^T with W = wCode * wScale: 64x64 tiles of outputs. 16 steps of K are staged in workgroup memory,
// of the weights as numbers, so each word is expanded and scaled once per tile and used for 64 tokens.
// Every invocation owns 4x4 outputs: four tokens 16 apart, four neighbouring columns. Any sizes.

struct Params { T: u32, N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [T,K]
@group(0) @binding(2) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(3) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;   // [T,N]

const SIDE = 64u;
const DEPTH = 16u;           // two words
const PITCH = SIDE + 1u;     // odd, so that a column of the tile lies on different memory banks
var<workgroup> xTile: array<f32, DEPTH * PITCH>;       // [k][token]
var<workgroup> wTile: array<vec4f, DEPTH * SIDE / 4u>; // [k][column / 4]

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let pitch = (p.N + 3u) / 4u;
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let corner = group.y * SIDE; // first token
  let left = group.x * SIDE / 4u; // first column, in vectors of four
  var sums = mat4x4f(); // sums[i] is token 16i from this invocation's first
  for (var k = 0u; k < p.K; k += DEPTH) {
    for (var i = lane; i < SIDE * DEPTH; i += 256u) {
      let row = min(corner + i / DEPTH, p.T - 1u);
      let at = k + i % DEPTH;
      xTile[i % DEPTH * PITCH + i / DEPTH] = select(0.0, x[row * p.K + min(at, p.K - 1u)], at < p.K);
    }
    // 16 vectors of columns, two words deep, eight codes to a word: one vector per invocation.
    let word = k / 8u + lane / 128u;
    let at = min(left + lane % 16u, pitch - 1u);
    let row = min(word, words - 1u); // beyond K the activations are zero
    let w = wCodes[row * pitch + at];
    let s = wScales[row / step * pitch + at];
    let code = lane / 16u % 8u;
    let shift = vec4u(28u - 4u * code);
    wTile[(lane / 128u * 8u + code) * 16u + lane % 16u] = vec4f(bitcast<vec4i>(w << shift) >> vec4u(28u)) * s;
    workgroupBarrier();
    for (var l = 0u; l < DEPTH; l++) {
      let a = l * PITCH + local.y;
      let line = wTile[l * 16u + local.x];
      sums += mat4x4f(xTile[a] * line, xTile[a + 16u] * line, xTile[a + 32u] * line, xTile[a + 48u] * line);
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let token = corner + local.y + 16u * i;
      let col = (left + local.x) * 4u + j;
      if (token < p.T && col < p.N) { y[token * p.N + col] = sums[i][j]; }
    }
  }
}
