// y[n] = partial[n] + the carries of the threads after the one in whose share row n begins, up to the one in which it
// ends. 64 rows per workgroup: each invocation adds what a short row has; the carries of a long row are added by all of
// them together, in a fixed order, so that one dense row does not keep the others waiting.

struct Params { N: u32, Z: u32, S: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rowptr: array<u32>;  // [N+1]
@group(0) @binding(2) var<storage, read> partial: array<f32>; // [N]
@group(0) @binding(3) var<storage, read> carries: array<f32>; // [S]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

const LANES = 64u;
const SHORT = 32u; // carries that one invocation adds by itself
var<workgroup> firsts: array<u32, LANES>;
var<workgroup> counts: array<u32, LANES>;
var<workgroup> sums: array<f32, LANES>;
var<workgroup> long: array<u32, LANES>; // places of the long rows
var<workgroup> longs: u32;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = (group.x + group.y * groups.x) * LANES + lane;
  var first = 0u;
  var count = 0u;
  var sum = 0.0;
  if (row < p.N) {
    sum = partial[row];
    let begin = rowptr[row];
    let end = rowptr[row + 1u];
    if (begin < end) {
      let share = (p.Z + p.S - 1u) / p.S;
      first = begin / share + 1u;
      count = (end - 1u) / share + 1u - first;
    }
  }
  firsts[lane] = first;
  counts[lane] = count;
  workgroupBarrier();
  if (lane == 0u) {
    var found = 0u;
    for (var r = 0u; r < LANES; r++) {
      if (counts[r] > SHORT) {
        long[found] = r;
        found++;
      }
    }
    longs = found;
  }
  if (count <= SHORT) {
    for (var t = first; t < first + count; t++) { sum += carries[t]; }
  }
  let rows = workgroupUniformLoad(&longs);
  for (var i = 0u; i < rows; i++) {
    let r = long[i];
    var part = 0.0;
    for (var t = firsts[r] + lane; t < firsts[r] + counts[r]; t += LANES) { part += carries[t]; }
    sums[lane] = part;
    workgroupBarrier();
    if (lane == r) {
      for (var t = 0u; t < LANES; t++) { sum += sums[t]; }
    }
    workgroupBarrier();
  }
  if (row < p.N) { y[row] = sum; }
}
