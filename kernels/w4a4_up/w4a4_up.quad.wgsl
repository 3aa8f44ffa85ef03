// y = sum over groups of xScale * wScale * (sum over the group of xCode * wCode)
//     + h up^T, the low-rank branch, added before the output leaves the registers.
// 8x8 outputs per invocation. The four invocations of a quad sit side by side and need the same tokens, so
// each loads and expands the codes of one of four, and the quad shares them.
// Two columns share a float: w + 4096 w' holds the codes of columns four apart, so that one multiplication
// serves both, exactly. Over 32 steps of K the lower sum lies in [-1792, 2048] and splits off again.
enable subgroups;

struct Params { T: u32, N: u32, K: u32, G: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> xCodes: array<u32>;    // [T,ceil(K/8)]
@group(0) @binding(2) var<storage, read> xScales: array<f32>;   // [T,ceil(K/G)]
@group(0) @binding(3) var<storage, read> wCodes: array<vec4u>;  // [ceil(K/8),ceil(N/4)]
@group(0) @binding(4) var<storage, read> wScales: array<vec4f>; // [ceil(K/G),ceil(N/4)]
@group(0) @binding(5) var<storage, read> h: array<f32>;         // [T,R]
@group(0) @binding(6) var<storage, read> up: array<f32>;        // [N,R]
@group(0) @binding(7) var<storage, read_write> y: array<f32>;   // [T,N]

/// Two codes twelve bits apart, each + 8, of four columns -> w + 4096 w'.
fn two(words: vec4u) -> vec4f {
  return vec4f(bitcast<vec4i>(words & vec4u(0xf00fu))) - 32776.0; // 8 + 4096 * 8
}

struct Pairs { low: mat4x4f, high: mat4x4f }

/// The eight codes of four columns and of the four columns after them, as pairs; column k of a matrix is step k.
fn pairs(l: vec4u, r: vec4u) -> Pairs {
  let a = l ^ vec4u(0x88888888u); // code + 8 in every nibble
  let b = r ^ vec4u(0x88888888u);
  // Three nibbles of each side by side, then the next three, then the last two.
  let u = (a & vec4u(0xfffu)) | ((b & vec4u(0xfffu)) << vec4u(12u));
  let v = ((a >> vec4u(12u)) & vec4u(0xfffu)) | (b & vec4u(0xfff000u));
  let w = (a >> vec4u(24u)) | ((b >> vec4u(12u)) & vec4u(0xff000u));
  return Pairs(
    mat4x4f(two(u), two(u >> vec4u(4u)), two(u >> vec4u(8u)), two(v)),
    mat4x4f(two(v >> vec4u(4u)), two(v >> vec4u(8u)), two(w), two(w >> vec4u(4u))),
  );
}

/// The sums of the upper columns out of s + 4096 s', with -1792 <= s <= 2048.
fn upper(s: vec4f) -> vec4f { return floor(s / 4096.0 + 0.46875); }
fn uppers(s: mat4x4f) -> mat4x4f { return mat4x4f(upper(s[0]), upper(s[1]), upper(s[2]), upper(s[3])); }

/// Four signed codes, the first at bit 28 - shift.x: to the top of the word, then down with the sign.
fn expand(word: u32, shift: vec4u) -> vec4f {
  return vec4f(bitcast<vec4i>(vec4u(word) << shift) >> vec4u(28u));
}
const LOW = vec4u(28, 24, 20, 16);
const HIGH = vec4u(12, 8, 4, 0);

fn scaled(s: mat4x4f, xs: vec4f, ws: vec4f) -> mat4x4f {
  return mat4x4f(s[0] * (xs.x * ws), s[1] * (xs.y * ws), s[2] * (xs.z * ws), s[3] * (xs.w * ws));
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

/// Column i is what the quad's invocation i brought.
fn share(v: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}
fn gather(v: f32) -> vec4f {
  return vec4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u));
}

fn outer(h: vec4f, u: vec4f) -> mat4x4f { return mat4x4f(h.x * u, h.y * u, h.z * u, h.w * u); }

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
  let token = tile.y * 8u;
  let col = (tile.x * 4u + lane) * 8u;
  let words = (p.K + 7u) / 8u;
  let step = (p.G + 7u) / 8u; // words of a group
  let groups = (p.K + p.G - 1u) / p.G;
  let pitch = (p.N + 3u) / 4u;
  // Clamped tokens and columns are computed again and never stored.
  let top = min(token + lane, p.T - 1u);
  let bottom = min(token + 4u + lane, p.T - 1u);
  let left = min(col / 4u, pitch - 1u);
  let right = min(col / 4u + 1u, pitch - 1u);
  var y00 = mat4x4f(); // rows are tokens
  var y01 = mat4x4f();
  var y10 = mat4x4f();
  var y11 = mat4x4f();
  // Loops end with their test: left at their head, they run once more, masked, on software adapters.
  var g = 0u;
  loop {
    let end = min((g + 1u) * step, words);
    var s00 = mat4x4f();
    var s01 = mat4x4f();
    var s10 = mat4x4f();
    var s11 = mat4x4f();
    var first = g * step;
    loop {
      var s0 = mat4x4f(); // pairs of columns
      var s1 = mat4x4f();
      let stop = min(first + 4u, end);
      var k = first;
      loop {
        let w = pairs(wCodes[k * pitch + left], wCodes[k * pitch + right]);
        let a = xCodes[top * words + k];
        let b = xCodes[bottom * words + k];
        s0 += w.low * share(expand(a, LOW)) + w.high * share(expand(a, HIGH));
        s1 += w.low * share(expand(b, LOW)) + w.high * share(expand(b, HIGH));
        continuing {
          k++;
          break if k >= stop;
        }
      }
      let u0 = uppers(s0);
      let u1 = uppers(s1);
      s01 += u0;
      s00 += s0 - 4096.0 * u0;
      s11 += u1;
      s10 += s1 - 4096.0 * u1;
      continuing {
        first += 4u;
        break if first >= end;
      }
    }
    let ts = gather(xScales[top * groups + g]);
    let bs = gather(xScales[bottom * groups + g]);
    let ls = wScales[g * pitch + left];
    let rs = wScales[g * pitch + right];
    y00 += scaled(s00, ts, ls);
    y01 += scaled(s01, ts, rs);
    y10 += scaled(s10, bs, ls);
    y11 += scaled(s11, bs, rs);
    continuing {
      g++;
      break if g >= groups;
    }
  }
  // Rank 0 of each column and token; columns beyond N are computed again and never stored.
  let leftUp = min(col + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * p.R;
  let rightUp = min(col + vec4u(4, 5, 6, 7), vec4u(p.N - 1u)) * p.R;
  let topH = top * p.R;
  let bottomH = bottom * p.R;
  for (var r = 0u; r < p.R; r++) {
    let h0 = gather(h[topH + r]);
    let h1 = gather(h[bottomH + r]);
    let l = leftUp + r;
    let q = rightUp + r;
    let u0 = vec4f(up[l.x], up[l.y], up[l.z], up[l.w]);
    let u1 = vec4f(up[q.x], up[q.y], up[q.z], up[q.w]);
    y00 += outer(h0, u0);
    y01 += outer(h0, u1);
    y10 += outer(h1, u0);
    y11 += outer(h1, u1);
  }
  store(y00, token, col);
  store(y01, token, col + 4u);
  store(y10, token + 4u, col);
  store(y11, token + 4u, col + 4u);
}
