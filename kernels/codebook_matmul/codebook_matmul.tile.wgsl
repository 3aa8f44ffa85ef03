// y[t,n] = sum over k of x[t,k] book[n, code[n,k]] by 64x64 tiles of y. Sixteen steps of K at a time, values are
// looked up on their way into workgroup memory, so each code is decoded once for 64 tokens. Every invocation owns
// 4x4 outputs, 16 apart. Any sizes.

struct Params { T: u32, N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;     // [T,K]
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

const SIDE = 64u;
const DEPTH = 16u;
const PITCH = SIDE + 1u; // odd, so that a column of the tile lies on different memory banks
var<workgroup> tileX: array<f32, DEPTH * PITCH>; // [k][token]
var<workgroup> tileW: array<f32, DEPTH * PITCH>; // [k][row of W]

/// w[row,k], or 0 outside.
fn look(row: u32, k: u32) -> f32 {
  if (row >= p.N || k >= p.K) { return 0.0; }
  let word = row * ((p.K + 31u) / 32u) * p.B + k * p.B / 32u;
  let shift = k * p.B % 32u;
  var code = codes[word] >> shift;
  if (shift + p.B > 32u) { code |= codes[word + 1u] << (32u - shift); }
  return book[(row << p.B) + (code & ((1u << p.B) - 1u))];
}

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let corner = group.xy * SIDE; // row of W and token where the tile starts
  var sums = mat4x4f();         // sums[i][j] is token 16i, row 16j from this invocation's first
  for (var k = 0u; k < p.K; k += DEPTH) {
    for (var i = lane; i < SIDE * DEPTH; i += 256u) {
      let token = corner.y + i / DEPTH;
      let l = k + i % DEPTH;
      tileX[i % DEPTH * PITCH + i / DEPTH] = select(0.0, x[min(token, p.T - 1u) * p.K + min(l, p.K - 1u)], l < p.K);
      tileW[i % DEPTH * PITCH + i / DEPTH] = look(corner.x + i / DEPTH, l);
    }
    workgroupBarrier();
    for (var l = 0u; l < DEPTH; l++) {
      let t = l * PITCH + local.y;
      let n = l * PITCH + local.x;
      let left = vec4f(tileX[t], tileX[t + 16u], tileX[t + 32u], tileX[t + 48u]);
      let line = vec4f(tileW[n], tileW[n + 16u], tileW[n + 32u], tileW[n + 48u]);
      sums += mat4x4f(left.x * line, left.y * line, left.z * line, left.w * line);
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let token = corner.y + local.y + 16u * i;
      let row = corner.x + local.x + 16u * j;
      if (token < p.T && row < p.N) { y[token * p.N + row] = sums[i][j]; }
    }
  }
}
