// A stable counting sort in one launch: order[h] lists the tokens of head h by label, those of one label as they came,
// and label j's begin at offsets[h,j]. One head per workgroup. Each invocation counts the labels of its own run of tokens,
// in a column of counters of its own; the sums before each counter say where the run's tokens of that label begin. The work
// grows with tokens plus labels, not with their product. C at most 1024.

struct Params { H: u32, N: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> labels: array<u32>; // [H,N]
@group(0) @binding(2) var<storage, read_write> order: array<u32>;   // [H,N]
@group(0) @binding(3) var<storage, read_write> offsets: array<u32>; // [H,C+1]

const LANES = 64u;
const ROOM = 3072u;
var<workgroup> counts: array<u32, ROOM>;  // [label][run], zero at the start
var<workgroup> begins: array<u32, 1024>;  // of each label: its size, then where it begins

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
  for (var label = lane; label < p.C; label += LANES) {
    var size = 0u;
    for (var at = label * runs; at < (label + 1u) * runs; at++) {
      let more = counts[at];
      counts[at] = size;
      size += more;
    }
    begins[label] = size;
  }
  workgroupBarrier();
  if (lane == 0u) {
    var before = 0u;
    for (var label = 0u; label < p.C; label++) {
      let size = begins[label];
      begins[label] = before;
      offsets[head * (p.C + 1u) + label] = before;
      before += size;
    }
    offsets[head * (p.C + 1u) + p.C] = before;
  }
  workgroupBarrier();
  for (var i = begin; i < end; i++) {
    let label = labels[first + i];
    let counter = label * runs + lane;
    let place = counts[counter];
    counts[counter] = place + 1u;
    order[first + begins[label] + place] = i;
  }
}
