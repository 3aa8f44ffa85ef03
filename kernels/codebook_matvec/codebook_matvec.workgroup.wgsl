// y[n] = sum over k of book[n, code[n,k]] x[k], four rows per workgroup, their books (2^B values each, at most 256)
// staged in workgroup memory. Invocations walk along K side by side, four codes of each row at a time, so that
// neighbours read neighbouring words and each number of x serves four rows; their sums meet in a fixed order.

struct Params { N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [K], whole vec4s bound
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

const ROWS = 4u;
const LANES = 64u;
var<workgroup> books: array<f32, 1024>; // [ROWS][2^B]
var<workgroup> partial: array<vec4f, LANES>;

/// The values of the four codes at the bottom of a window, from the book of a row of this workgroup.
fn look(window: u32, row: u32) -> vec4f {
  let at = (row << p.B) + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & vec4u((1u << p.B) - 1u));
  return vec4f(books[at.x], books[at.y], books[at.z], books[at.w]);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.x + group.y * groups.x) * ROWS;
  if (first >= p.N) { return; }
  for (var i = lane; i < min(ROWS, p.N - first) << p.B; i += LANES) {
    books[i] = book[(first << p.B) + i];
  }
  workgroupBarrier();
  // Clamped rows are computed again and never stored.
  let streams = min(first + vec4u(0, 1, 2, 3), vec4u(p.N - 1u)) * ((p.K + 31u) / 32u) * p.B;
  var sums = vec4f();
  for (var k = lane * 4u; k < p.K; k += LANES * 4u) {
    let word = streams + k * p.B / 32u;
    let shift = k * p.B % 32u;
    var window = vec4u(codes[word.x], codes[word.y], codes[word.z], codes[word.w]) >> vec4u(shift);
    if (shift + 4u * p.B > 32u) {
      window |= vec4u(codes[word.x + 1u], codes[word.y + 1u], codes[word.z + 1u], codes[word.w + 1u]) << vec4u(32u - shift);
    }
    // What lies behind the last channel is anything.
    let line = select(vec4f(), x[k / 4u], k + vec4u(0, 1, 2, 3) < vec4u(p.K));
    sums += line * mat4x4f(look(window.x, 0u), look(window.y, 1u), look(window.z, 2u), look(window.w, 3u));
  }
  partial[lane] = sums;
  workgroupBarrier();
  if (lane < 8u) {
    for (var t = lane + 8u; t < LANES; t += 8u) { sums += partial[t]; }
  }
  workgroupBarrier();
  if (lane < 8u) { partial[lane] = sums; }
  workgroupBarrier();
  if (lane < ROWS && first + lane < p.N) {
    var sum = 0.0;
    for (var t = 0u; t < 8u; t++) { sum += partial[t][lane]; }
    y[first + lane] = sum;
  }
}
