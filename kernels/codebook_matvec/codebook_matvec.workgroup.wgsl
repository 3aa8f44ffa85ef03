// y[n] = sum over k of book[n, code[n,k]] x[k], eight rows per workgroup. Their books (2^B values each, at most 256)
// are staged in workgroup memory; sixteen invocations take every sixteenth group of four codes of a row, so that
// neighbours read neighbouring words; their sums are added in order.

struct Params { N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [K], whole vec4s bound
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

const ROWS = 8u;
const SHARE = 16u; // invocations to a row
var<workgroup> books: array<f32, 2048>; // [ROWS][2^B]
var<workgroup> partial: array<f32, 128>;

@compute @workgroup_size(128)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.x + group.y * groups.x) * ROWS;
  if (first >= p.N) { return; }
  for (var i = lane; i < min(ROWS, p.N - first) << p.B; i += 128u) {
    books[i] = book[(first << p.B) + i];
  }
  workgroupBarrier();
  let local = lane / SHARE;
  let row = first + local;
  let mask = vec4u((1u << p.B) - 1u);
  var sum = 0.0;
  if (row < p.N) {
    let stream = row * ((p.K + 31u) / 32u) * p.B;
    for (var k = lane % SHARE * 4u; k < p.K; k += SHARE * 4u) {
      let word = stream + k * p.B / 32u;
      let shift = k * p.B % 32u;
      var window = codes[word] >> shift;
      if (shift + 4u * p.B > 32u) { window |= codes[word + 1u] << (32u - shift); }
      let at = (local << p.B) + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & mask);
      let line = select(vec4f(), x[k / 4u], k + vec4u(0, 1, 2, 3) < vec4u(p.K));
      sum += dot(line, vec4f(books[at.x], books[at.y], books[at.z], books[at.w]));
    }
  }
  partial[lane] = sum;
  workgroupBarrier();
  if (lane < ROWS && first + lane < p.N) {
    sum = 0.0;
    for (var t = lane * SHARE; t < (lane + 1u) * SHARE; t++) { sum += partial[t]; }
    y[first + lane] = sum;
  }
}
