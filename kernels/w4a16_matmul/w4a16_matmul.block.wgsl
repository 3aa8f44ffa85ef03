// y = sum over groups of wScale * (sum over the group of x * wCode): 4-bit weights, 32-bit activations.
// 4x8 outputs per invocation, no workgroup memory and no optional features; any sizes. Eight codes of
// four columns come as one vector and are expanded to floats, four at a time.

struct Params { T: u32, N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [T,K]
@group(0) @binding(2) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(3) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;   // [T,N]

/// The code whose lowest bit is 28 - shift, of four columns: to the top of the word, then down with its sign.
fn codes(words: vec4u, shift: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(words << vec4u(shift)) >> vec4u(28u));
}

/// Four steps of K of one token. Beyond K the codes are zero, so any number of the token will do.
fn four(row: u32, k: u32) -> vec4f {
  let i = row * p.K + min(k + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  return vec4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

fn tokens(rows: vec4u, k: u32) -> mat4x4f {
  return mat4x4f(four(rows.x, k), four(rows.y, k), four(rows.z, k), four(rows.w, k));
}

fn scaled(block: mat4x4f, s: vec4f) -> mat4x4f {
  return mat4x4f(block[0] * s, block[1] * s, block[2] * s, block[3] * s);
}

fn store(block: mat4x4f, token: u32, col: u32) {
  for (var i = 0u; i < 4u && token + i < p.T; i++) {
    for (var j = 0u; j < 4u && col + j < p.N; j++) {
      y[(token + i) * p.N + col + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 4u;
  let col = id.x * 8u;
  if (token >= p.T || col >= p.N) { return; }
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let pitch = (p.N + 3u) / 4u;
  // Clamped tokens and columns are computed again and never stored.
  let rows = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u));
  let left = col / 4u;
  let right = min(left + 1u, pitch - 1u);
  var y0 = mat4x4f(); // rows are tokens
  var y1 = mat4x4f();
  for (var g = 0u; g < groups; g++) {
    var s0 = mat4x4f();
    var s1 = mat4x4f();
    for (var k = g * step; k < min((g + 1u) * step, words); k++) {
      let a0 = tokens(rows, 8u * k);
      let a1 = tokens(rows, 8u * k + 4u);
      let l = wCodes[k * pitch + left];
      let r = wCodes[k * pitch + right];
      s0 += mat4x4f(codes(l, 28u), codes(l, 24u), codes(l, 20u), codes(l, 16u)) * a0;
      s0 += mat4x4f(codes(l, 12u), codes(l, 8u), codes(l, 4u), codes(l, 0u)) * a1;
      s1 += mat4x4f(codes(r, 28u), codes(r, 24u), codes(r, 20u), codes(r, 16u)) * a0;
      s1 += mat4x4f(codes(r, 12u), codes(r, 8u), codes(r, 4u), codes(r, 0u)) * a1;
    }
    y0 += scaled(s0, wScales[g * pitch + left]);
    y1 += scaled(s1, wScales[g * pitch + right]);
  }
  store(y0, token, col);
  store(y1, token, col + 4u);
}
