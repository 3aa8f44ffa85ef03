// y[t,n] = sum over k of x[t,k] book[n, code[n,k]], one 16x4 block (tokens x rows of W) per invocation. Codes are a
// row's bit stream, lowest bits first. Four codes of at most 8 bits fit a word, so one window of 32 bits a row serves
// four steps of K; what it looks up serves sixteen tokens. Needs K divisible by 4.

struct Params { T: u32, N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [T,K/4]
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

/// The values of the four codes at the bottom of a window, from the book that begins at `start`.
fn look(window: u32, start: u32) -> vec4f {
  let at = start + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & vec4u((1u << p.B) - 1u));
  return vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
}

/// Four steps of four tokens against four rows of W: [i][j] is the dot product of token i and row j.
fn products(at: vec4u, w: mat4x4f) -> mat4x4f {
  return mat4x4f(x[at.x] * w, x[at.y] * w, x[at.z] * w, x[at.w] * w);
}

fn store(block: mat4x4f, token: u32, row: u32) {
  for (var i = 0u; i < 4u && token + i < p.T; i++) {
    for (var j = 0u; j < 4u && row + j < p.N; j++) {
      y[(token + i) * p.N + row + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.y * 16u;
  let row = id.x * 4u;
  if (token >= p.T || row >= p.N) { return; }
  // Clamped tokens and rows are computed again and never stored.
  let pitch = p.K / 4u;
  let next = vec4u(0, 1, 2, 3);
  let first = min(token + next, vec4u(p.T - 1u)) * pitch;
  let second = min(token + 4u + next, vec4u(p.T - 1u)) * pitch;
  let third = min(token + 8u + next, vec4u(p.T - 1u)) * pitch;
  let fourth = min(token + 12u + next, vec4u(p.T - 1u)) * pitch;
  let rows = min(row + next, vec4u(p.N - 1u));
  let streams = rows * ((p.K + 31u) / 32u) * p.B;
  let books = rows << vec4u(p.B);
  let tokens = p.T - token;
  var c0 = mat4x4f();
  var c1 = mat4x4f();
  var c2 = mat4x4f();
  var c3 = mat4x4f();
  for (var k = 0u; k < pitch; k++) {
    let word = streams + k * p.B / 8u;
    let shift = k * p.B % 8u * 4u;
    var window = vec4u(codes[word.x], codes[word.y], codes[word.z], codes[word.w]) >> vec4u(shift);
    if (shift + 4u * p.B > 32u) {
      window |= vec4u(codes[word.x + 1u], codes[word.y + 1u], codes[word.z + 1u], codes[word.w + 1u]) << vec4u(32u - shift);
    }
    let w = mat4x4f(look(window.x, books.x), look(window.y, books.y), look(window.z, books.z), look(window.w, books.w));
    c0 += products(first + k, w);
    if (tokens > 4u) { c1 += products(second + k, w); }
    if (tokens > 8u) { c2 += products(third + k, w); }
    if (tokens > 12u) { c3 += products(fourth + k, w); }
  }
  store(c0, token, row);
  store(c1, token + 4u, row);
  store(c2, token + 8u, row);
  store(c3, token + 12u, row);
}
