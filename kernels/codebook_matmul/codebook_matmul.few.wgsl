// y[t,n] = sum over k of x[t,k] book[n, code[n,k]] for a few tokens, 8x16 outputs (tokens x rows of W) per quad of
// invocations: two tokens each of the same sixteen rows. An invocation looks up every fourth row, four steps of K at a
// time, and the quad passes the values round. A workgroup is one quad, whatever the order of its invocations. Codes are
// a row's bit stream, lowest bits first; four codes of at most 8 bits fit a window of 32 bits. Needs K divisible by 4.
enable subgroups;

struct Params { T: u32, N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [T,K/4]
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

/// Where four steps of K lie in every row's stream: a word, a shift, and whether they end in the next word.
struct Place { word: u32, shift: u32, across: bool }

/// Four steps of four rows: this invocation decodes one of them, `stream` and `start` say where its codes and its book
/// begin. Column k holds step k of the four rows.
fn block(stream: u32, start: u32, at: Place) -> mat4x4f {
  var window = codes[stream + at.word] >> at.shift;
  if (at.across) { window |= codes[stream + at.word + 1u] << (32u - at.shift); }
  let i = start + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & vec4u((1u << p.B) - 1u));
  let w = vec4f(book[i.x], book[i.y], book[i.z], book[i.w]);
  return transpose(mat4x4f(quadBroadcast(w, 0u), quadBroadcast(w, 1u), quadBroadcast(w, 2u), quadBroadcast(w, 3u)));
}

fn store(token: u32, row: u32, a: vec4f, b: vec4f, c: vec4f, d: vec4f) {
  if (token >= p.T) { return; }
  let sums = mat4x4f(a, b, c, d);
  for (var j = 0u; j < 16u && row + j < p.N; j++) { y[token * p.N + row + j] = sums[j / 4u][j % 4u]; }
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) lane: u32) {
  let pitch = p.K / 4u;
  let top = group.x * 16u;
  // Clamped tokens and rows are computed again and never stored.
  let own = group.y * 8u + local + vec2u(0, 4);
  let lines = min(own, vec2u(p.T - 1u)) * pitch;
  let rows = min(top + lane % 4u + 4u * vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let streams = rows * ((p.K + 31u) / 32u) * p.B;
  let books = rows << vec4u(p.B);
  var a0 = vec4f();
  var a1 = vec4f();
  var a2 = vec4f();
  var a3 = vec4f();
  var b0 = vec4f();
  var b1 = vec4f();
  var b2 = vec4f();
  var b3 = vec4f();
  for (var k = 0u; k < pitch; k++) {
    let shift = k * p.B % 8u * 4u;
    let at = Place(k * p.B / 8u, shift, shift + 4u * p.B > 32u);
    let xa = x[lines.x + k];
    let xb = x[lines.y + k];
    let w0 = block(streams.x, books.x, at);
    a0 += w0 * xa;
    b0 += w0 * xb;
    let w1 = block(streams.y, books.y, at);
    a1 += w1 * xa;
    b1 += w1 * xb;
    let w2 = block(streams.z, books.z, at);
    a2 += w2 * xa;
    b2 += w2 * xb;
    let w3 = block(streams.w, books.w, at);
    a3 += w3 * xa;
    b3 += w3 * xb;
  }
  store(own.x, top, a0, a1, a2, a3);
  store(own.y, top, b0, b1, b2, b3);
}
