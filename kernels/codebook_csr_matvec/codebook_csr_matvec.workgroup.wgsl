// y[n] = sum over k of book[n, code[n,k]] x[k] + sum of values[i] x[cols[i]] over row n, eight rows per workgroup.
// Dense: the books lie in workgroup memory, sixteen invocations take every sixteenth group of four codes of a row.
// Sparse: the nonzeros of the eight rows are cut into 128 equal shares. A lane finishes the rows that begin in its
// share; what it has of a row begun before is a carry. All sums meet in a fixed order.

struct Params { N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [K], whole vec4s bound
@group(0) @binding(2) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(3) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(4) var<storage, read> rowptr: array<u32>; // [N+1]
@group(0) @binding(5) var<storage, read> cols: array<u32>;   // [Z]
@group(0) @binding(6) var<storage, read> values: array<f32>; // [Z]
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

const LANES = 128u;
const ROWS = 8u;
const SHARE = LANES / ROWS; // lanes to a row of the dense part
var<workgroup> books: array<f32, 2048>; // [ROWS][2^B]
var<workgroup> bounds: array<u32, 9>;   // rowptr of the eight rows and of the end
var<workgroup> partial: array<f32, LANES>;
var<workgroup> carries: array<f32, LANES>;
var<workgroup> sparse: array<f32, ROWS>;

fn product(i: u32) -> f32 {
  let k = cols[i];
  return values[i] * x[k / 4u][k % 4u];
}

/// This lane's part of a row of the dense matrix.
fn dense(row: u32, local: u32, first: u32) -> f32 {
  let stream = row * ((p.K + 31u) / 32u) * p.B;
  let mask = vec4u((1u << p.B) - 1u);
  var sum = 0.0;
  for (var k = first * 4u; k < p.K; k += SHARE * 4u) {
    let word = stream + k * p.B / 32u;
    let shift = k * p.B % 32u;
    var window = codes[word] >> shift;
    if (shift + 4u * p.B > 32u) { window |= codes[word + 1u] << (32u - shift); }
    let at = (local << p.B) + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & mask);
    let line = select(vec4f(), x[k / 4u], k + vec4u(0, 1, 2, 3) < vec4u(p.K));
    sum += dot(line, vec4f(books[at.x], books[at.y], books[at.z], books[at.w]));
  }
  return sum;
}

@compute @workgroup_size(128)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let top = (group.x + group.y * groups.x) * ROWS;
  if (top >= p.N) { return; }
  for (var i = lane; i < min(ROWS, p.N - top) << p.B; i += LANES) {
    books[i] = book[(top << p.B) + i];
  }
  if (lane <= ROWS) { bounds[lane] = rowptr[min(top + lane, p.N)]; } // rows past the end are empty
  if (lane < ROWS) { sparse[lane] = 0.0; }
  workgroupBarrier();

  let local = lane / SHARE;
  var sum = 0.0;
  if (top + local < p.N) { sum = dense(top + local, local, lane % SHARE); }
  partial[lane] = sum;

  let share = (bounds[ROWS] - bounds[0] + LANES - 1u) / LANES;
  var i = min(bounds[0] + lane * share, bounds[ROWS]);
  let end = min(i + share, bounds[ROWS]);
  var row = 0u; // the first that begins in this share or after it
  for (var r = 0u; r < ROWS; r++) { row += select(0u, 1u, bounds[r] < i); }
  sum = 0.0;
  for (let stop = min(end, bounds[row]); i < stop; i++) { sum += product(i); }
  carries[lane] = sum;
  for (; row < ROWS && bounds[row] < end; row++) {
    sum = 0.0;
    for (let stop = min(end, bounds[row + 1u]); i < stop; i++) { sum += product(i); }
    sparse[row] = sum;
  }

  workgroupBarrier();
  if (lane < ROWS && top + lane < p.N) {
    sum = 0.0;
    for (var t = lane * SHARE; t < (lane + 1u) * SHARE; t++) { sum += partial[t]; }
    sum += sparse[lane];
    let begin = bounds[lane] - bounds[0];
    let stop = bounds[lane + 1u] - bounds[0];
    if (begin < stop) {
      for (var t = begin / share + 1u; t <= (stop - 1u) / share; t++) { sum += carries[t]; }
    }
    y[top + lane] = sum;
  }
}
