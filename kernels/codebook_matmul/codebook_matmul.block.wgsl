// y[t,n] = sum over k of x[t,k] book[n, code[n,k]], one 8x4 block (tokens x rows of W) per invocation. Codes are a
// row's bit stream, lowest bits first. Four codes of at most 8 bits fit a word, so one window of 32 bits a row serves
// four steps of K; what it looks up serves eight tokens. Any K.

struct Params { T: u32, N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;     // [T,K]
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

/// The values of the four codes at the bottom of a window, from the book that begins at `start`.
fn look(window: u32, start: u32) -> vec4f {
  let at = start + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & vec4u((1u << p.B) - 1u));
  return vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
}

/// Four steps of a token; those past the end of the row are zero.
fn load(token: u32, k: u32) -> vec4f {
  let steps = k + vec4u(0, 1, 2, 3);
  let at = min(token, p.T - 1u) * p.K + min(steps, vec4u(p.K - 1u));
  return select(vec4f(), vec4f(x[at.x], x[at.y], x[at.z], x[at.w]), steps < vec4u(p.K));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 8u;
  let row = id.x * 4u;
  if (token >= p.T || row >= p.N) { return; }
  // Clamped tokens and rows are computed again and never stored.
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let streams = rows * ((p.K + 31u) / 32u) * p.B;
  let books = rows << vec4u(p.B);
  let tall = p.T - token > 4u;
  var top = mat4x4f(); // top[i] is token i
  var bottom = mat4x4f();
  for (var k = 0u; k < p.K; k += 4u) {
    let word = streams + k * p.B / 32u;
    let shift = k * p.B % 32u;
    var window = vec4u(codes[word.x], codes[word.y], codes[word.z], codes[word.w]) >> vec4u(shift);
    if (shift + 4u * p.B > 32u) {
      window |= vec4u(codes[word.x + 1u], codes[word.y + 1u], codes[word.z + 1u], codes[word.w + 1u]) << vec4u(32u - shift);
    }
    let w = mat4x4f(look(window.x, books.x), look(window.y, books.y), look(window.z, books.z), look(window.w, books.w));
    top += mat4x4f(load(token, k) * w, load(token + 1u, k) * w, load(token + 2u, k) * w, load(token + 3u, k) * w);
    if (tall) {
      bottom += mat4x4f(load(token + 4u, k) * w, load(token + 5u, k) * w, load(token + 6u, k) * w, load(token + 7u, k) * w);
    }
  }
  for (var i = 0u; i < min(8u, p.T - token); i++) {
    for (var j = 0u; j < min(4u, p.N - row); j++) {
      y[(token + i) * p.N + row + j] = select(bottom[i % 4u][j], top[i % 4u][j], i < 4u);
    }
  }
}
