// y = sum over groups of wScale * (sum over the group of x * wCode), for few tokens (decoding).
// A workgroup makes 32 columns of one token: eight invocations side by side take four columns each, and
// 16 rows of them share out K. The partial sums meet in a tree whose order never changes. Any sizes.

struct Params { T: u32, N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [T,K]
@group(0) @binding(2) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(3) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;   // [T,N]

const WIDTH = 8u;
const DEPTH = 16u;
var<workgroup> partial: array<vec4f, WIDTH * DEPTH>;

/// The code whose lowest bit is 28 - shift, of four columns: to the top of the word, then down with its sign.
fn codes(words: vec4u, shift: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(words << vec4u(shift)) >> vec4u(28u));
}

/// Four steps of K. Beyond K the codes are zero, so any number of the token will do.
fn four(row: u32, k: u32) -> vec4f {
  let i = row + min(k + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  return vec4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

@compute @workgroup_size(WIDTH, DEPTH)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pitch = (p.N + 3u) / 4u;
  let col = group.x * WIDTH + local.x; // in vectors of four
  let at = min(col, pitch - 1u);
  let row = group.y * p.K;
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  var sum = vec4f();
  for (var k = local.y; k < words; k += DEPTH) {
    let w = wCodes[k * pitch + at];
    let s = mat4x4f(codes(w, 28u), codes(w, 24u), codes(w, 20u), codes(w, 16u)) * four(row, 8u * k)
      + mat4x4f(codes(w, 12u), codes(w, 8u), codes(w, 4u), codes(w, 0u)) * four(row, 8u * k + 4u);
    sum += s * wScales[k / step * pitch + at];
  }
  let lane = local.y * WIDTH + local.x;
  partial[lane] = sum;
  for (var half = DEPTH / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local.y < half) { partial[lane] += partial[lane + half * WIDTH]; }
  }
  if (local.y > 0u) { return; }
  for (var j = 0u; j < 4u && 4u * col + j < p.N; j++) {
    y[group.y * p.N + 4u * col + j] = partial[lane][j];
  }
}
