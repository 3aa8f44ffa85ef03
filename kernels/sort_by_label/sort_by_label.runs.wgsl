// A stable counting sort in one launch: order[h] lists the tokens of head h by label, those of one label as they came,
// and label j's begin at offsets[h,j]. One head per workgroup. Each invocation counts the labels of its own run of tokens,
// in a column of counters of its own; the sums before each counter say where the run's tokens of that label begin. The work
// grows with tokens plus labels, not with their product. C at most 512.

struct Params { H: u32, N: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> labels: array<u32>; // [H,N]
@group(0) @binding(2) var<storage, read_write> order: array<u32>;   // [H,N]
@group(0) @binding(3) var<storage, read_write> offsets: array<u32>; // [H,C+1]

const LANES = 64u;
const ROOM = 512u; // few, because each takes its time to compile where software clears it
var<workgroup> counts: array<u32, ROOM>; // [label][run], zero at the start
var<workgroup> sizes: array<u32, LANES>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let head = group.x + group.y * groups.x;
  if (head >= p.H) { return; }
  let first = head * p.N;
  let runs = min(LANES, ROOM / p.C);
  let length = (p.N + runs - 1u) / runs;
  let begin = min(lane * length, p.N);
  let end = min(begin + length, p.N); // past the last run begin is N
  for (var i = begin; i < end; i++) { counts[labels[first + i] * runs + lane]++; }
  workgroupBarrier();
  // The sums before each counter, over labels and then over runs: first of each invocation's share, then of the shares.
  let share = (p.C * runs + LANES - 1u) / LANES;
  let low = min(lane * share, p.C * runs);
  let high = min(low + share, p.C * runs);
  var size = 0u;
  for (var at = low; at < high; at++) { size += counts[at]; }
  sizes[lane] = size;
  workgroupBarrier();
  var before = 0u;
  for (var other = 0u; other < lane; other++) { before += sizes[other]; }
  for (var at = low; at < high; at++) {
    let more = counts[at];
    counts[at] = before;
    if (at % runs == 0u) { offsets[head * (p.C + 1u) + at / runs] = before; }
    before += more;
  }
  if (lane == LANES - 1u) { offsets[head * (p.C + 1u) + p.C] = before; }
  workgroupBarrier();
  for (var i = begin; i < end; i++) {
    let counter = labels[first + i] * runs + lane;
    let place = counts[counter];
    counts[counter] = place + 1u;
    order[first + place] = i;
  }
}
