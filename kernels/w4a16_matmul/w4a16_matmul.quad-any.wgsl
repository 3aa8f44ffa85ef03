// y = x W^T with W = wCode * wScale: 4-bit weights, 32-bit activations.
// 16x8 outputs per invocation. The four invocations of a quad sit side by side and need the same tokens,
// so each loads one of four and the quad shares them: a fourth of the loads of X. Eight codes of four
// columns come as one vector, are expanded to floats and scaled, and serve 16 tokens. Any K:
// activations are loaded one by one.
enable subgroups;

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
  let i = row + min(k + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  return vec4f(x[i.x], x[i.y], x[i.z], x[i.w]);
}

/// Column i is what the quad's invocation i brought.
fn share(v: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

/// Four steps of K of four columns: column k of the matrix is step k.
fn columns(words: vec4u, shifts: vec4u, scale: vec4f) -> mat4x4f {
  return mat4x4f(
    codes(words, shifts.x) * scale, codes(words, shifts.y) * scale, codes(words, shifts.z) * scale, codes(words, shifts.w) * scale,
  );
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
  let token = tile.y * 16u;
  let col = (tile.x * 4u + lane) * 8u;
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let pitch = (p.N + 3u) / 4u;
  // Clamped tokens and columns are computed again and never stored.
  let rows = min(token + lane + vec4u(0, 4, 8, 12), vec4u(p.T - 1u)) * p.K;
  let left = min(col / 4u, pitch - 1u);
  let right = min(col / 4u + 1u, pitch - 1u);
  var y00 = mat4x4f(); // rows are tokens
  var y01 = mat4x4f();
  var y10 = mat4x4f();
  var y11 = mat4x4f();
  var y20 = mat4x4f();
  var y21 = mat4x4f();
  var y30 = mat4x4f();
  var y31 = mat4x4f();
  for (var g = 0u; g < groups; g++) {
    let ls = wScales[g * pitch + left];
    let rs = wScales[g * pitch + right];
    for (var k = g * step; k < min((g + 1u) * step, words); k++) {
      let l = wCodes[k * pitch + left];
      let r = wCodes[k * pitch + right];
      let l0 = columns(l, vec4u(28, 24, 20, 16), ls);
      let l1 = columns(l, vec4u(12, 8, 4, 0), ls);
      let r0 = columns(r, vec4u(28, 24, 20, 16), rs);
      let r1 = columns(r, vec4u(12, 8, 4, 0), rs);
      var a = share(four(rows.x, 8u * k));
      var b = share(four(rows.x, 8u * k + 4u));
      y00 += l0 * a + l1 * b;
      y01 += r0 * a + r1 * b;
      a = share(four(rows.y, 8u * k));
      b = share(four(rows.y, 8u * k + 4u));
      y10 += l0 * a + l1 * b;
      y11 += r0 * a + r1 * b;
      a = share(four(rows.z, 8u * k));
      b = share(four(rows.z, 8u * k + 4u));
      y20 += l0 * a + l1 * b;
      y21 += r0 * a + r1 * b;
      a = share(four(rows.w, 8u * k));
      b = share(four(rows.w, 8u * k + 4u));
      y30 += l0 * a + l1 * b;
      y31 += r0 * a + r1 * b;
    }
  }
  store(y00, token, col);
  store(y01, token, col + 4u);
  store(y10, token + 4u, col);
  store(y11, token + 4u, col + 4u);
  store(y20, token + 8u, col);
  store(y21, token + 8u, col + 4u);
  store(y30, token + 12u, col);
  store(y31, token + 12u, col + 4u);
}
