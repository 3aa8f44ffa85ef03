// y[n] = sum over k of book[n, code[n,k]] x[k] + sum of values[i] x[cols[i]] over row n, four rows per invocation.
// Codes are a row's bit stream, lowest bits first. Four codes of at most 8 bits fit a word, so one window of 32 bits a
// row serves four steps of K.

struct Params { N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [K], whole vec4s bound
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read> rowptr: array<u32>; // [N+1]
@group(0) @binding(5) var<storage, read> cols: array<u32>;   // [Z]
@group(0) @binding(6) var<storage, read> values: array<f32>; // [Z]
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

/// The values of the four codes at the bottom of a window, from the book that begins at `start`.
fn look(window: u32, start: u32) -> vec4f {
  let at = start + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & vec4u((1u << p.B) - 1u));
  return vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = (id.x + id.y * groups.x * 64u) * 4u;
  if (row >= p.N) { return; }
  // Clamped rows are computed again and never stored.
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let streams = rows * ((p.K + 31u) / 32u) * p.B;
  let books = rows << vec4u(p.B);
  var sums = vec4f();
  for (var k = 0u; k < p.K; k += 4u) {
    let word = streams + k * p.B / 32u;
    let shift = k * p.B % 32u;
    var window = vec4u(codes[word.x], codes[word.y], codes[word.z], codes[word.w]) >> vec4u(shift);
    if (shift + 4u * p.B > 32u) {
      window |= vec4u(codes[word.x + 1u], codes[word.y + 1u], codes[word.z + 1u], codes[word.w + 1u]) << vec4u(32u - shift);
    }
    // What lies behind the last channel is anything.
    let line = select(vec4f(), x[k / 4u], k + vec4u(0, 1, 2, 3) < vec4u(p.K));
    sums += line * mat4x4f(look(window.x, books.x), look(window.y, books.y), look(window.z, books.z), look(window.w, books.w));
  }
  for (var r = 0u; r < min(4u, p.N - row); r++) {
    var sum = 0.0;
    for (var i = rowptr[row + r]; i < rowptr[row + r + 1u]; i++) {
      sum += values[i] * x[cols[i] / 4u][cols[i] % 4u];
    }
    y[row + r] = sums[r] + sum;
  }
}
