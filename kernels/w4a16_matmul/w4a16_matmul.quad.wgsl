// y = sum over groups of wScale * (sum over the group of x * wCode): 4-bit weights, 32-bit activations.
// 8x8 outputs per invocation. The four invocations of a quad sit side by side and need the same tokens,
// so each loads one of four and the quad shares them: a fourth of the loads of X. Eight codes of four
// columns come as one vector and are expanded to floats, four at a time. Needs K divisible by 4.
enable subgroups;

struct Params { T: u32, N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [T,K/4]
@group(0) @binding(2) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(3) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;   // [T,N]

/// The code whose lowest bit is 28 - shift, of four columns: to the top of the word, then down with its sign.
fn codes(words: vec4u, shift: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(words << vec4u(shift)) >> vec4u(28u));
}

/// Column i is what the quad's invocation i brought.
fn share(v: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

fn scaled(block: mat4x4f, s: vec4f) -> mat4x4f {
  return mat4x4f(block[0] * s, block[1] * s, block[2] * s, block[3] * s);
}

fn store(block: mat4x4f, token: u32, col: u32) {
  for (var i = 0u; i < 4u && token + i < p.T; i++) {
    let at = (token + i) * p.N + col;
    let line = block[i];
    if (col + 3u < p.N) {
      y[at] = line.x;
      y[at + 1u] = line.y;
      y[at + 2u] = line.z;
      y[at + 3u] = line.w;
    } else {
      for (var j = 0u; col + j < p.N; j++) { y[at + j] = line[j]; }
    }
  }
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let token = tile.y * 8u;
  let col = (tile.x * 4u + lane) * 8u;
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let pitch = (p.N + 3u) / 4u;
  let last = p.K / 4u - 1u;
  // Clamped tokens and columns are computed again and never stored.
  let top = min(token + lane, p.T - 1u) * (p.K / 4u);
  let bottom = min(token + 4u + lane, p.T - 1u) * (p.K / 4u);
  let left = min(col / 4u, pitch - 1u);
  let right = min(col / 4u + 1u, pitch - 1u);
  var y00 = mat4x4f(); // rows are tokens
  var y01 = mat4x4f();
  var y10 = mat4x4f();
  var y11 = mat4x4f();
  for (var g = 0u; g < groups; g++) {
    var s00 = mat4x4f();
    var s01 = mat4x4f();
    var s10 = mat4x4f();
    var s11 = mat4x4f();
    for (var k = g * step; k < min((g + 1u) * step, words); k++) {
      let k1 = min(2u * k + 1u, last); // beyond K the codes are zero
      let a0 = share(x[top + 2u * k]);
      let a1 = share(x[top + k1]);
      let b0 = share(x[bottom + 2u * k]);
      let b1 = share(x[bottom + k1]);
      let l = wCodes[k * pitch + left];
      let l0 = mat4x4f(codes(l, 28u), codes(l, 24u), codes(l, 20u), codes(l, 16u));
      let l1 = mat4x4f(codes(l, 12u), codes(l, 8u), codes(l, 4u), codes(l, 0u));
      s00 += l0 * a0;
      s00 += l1 * a1;
      s10 += l0 * b0;
      s10 += l1 * b1;
      let r = wCodes[k * pitch + right];
      let r0 = mat4x4f(codes(r, 28u), codes(r, 24u), codes(r, 20u), codes(r, 16u));
      let r1 = mat4x4f(codes(r, 12u), codes(r, 8u), codes(r, 4u), codes(r, 0u));
      s01 += r0 * a0;
      s01 += r1 * a1;
      s11 += r0 * b0;
      s11 += r1 * b1;
    }
    let ls = wScales[g * pitch + left];
    let rs = wScales[g * pitch + right];
    y00 += scaled(s00, ls);
    y10 += scaled(s10, ls);
    y01 += scaled(s01, rs);
    y11 += scaled(s11, rs);
  }
  store(y00, token, col);
  store(y01, token, col + 4u);
  store(y10, token + 4u, col);
  store(y11, token + 4u, col + 4u);
}
