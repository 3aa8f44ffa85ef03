// A stable counting sort in one launch: order[h] lists the tokens of head h by label, those of one label as they came,
// and label j's begin at offsets[h,j]. One label of one head per workgroup: each invocation counts in its own run of
// tokens, and starts to write where the runs before it end.

struct Params { H: u32, N: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> labels: array<u32>; // [H,N]
@group(0) @binding(2) var<storage, read_write> order: array<u32>;   // [H,N]
@group(0) @binding(3) var<storage, read_write> offsets: array<u32>; // [H,C+1]

const LANES = 64u;
var<workgroup> smaller: array<u32, LANES>;
var<workgroup> equal: array<u32, LANES>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index >= p.H * p.C) { return; }
  let head = index / p.C;
  let label = index % p.C;
  let first = head * p.N;
  let run = (p.N + LANES - 1u) / LANES;
  let begin = min(lane * run, p.N);
  let end = min(begin + run, p.N);
  var less = 0u;
  var same = 0u;
  for (var i = begin; i < end; i++) {
    let other = labels[first + i];
    less += select(0u, 1u, other < label);
    same += select(0u, 1u, other == label);
  }
  smaller[lane] = less;
  equal[lane] = same;
  workgroupBarrier();
  var start = 0u;
  var at = 0u;
  for (var i = 0u; i < LANES; i++) {
    start += smaller[i];
    at += select(0u, equal[i], i < lane);
  }
  at += start;
  if (lane == 0u) { offsets[head * (p.C + 1u) + label] = start; }
  for (var i = begin; i < end; i++) {
    if (labels[first + i] == label) {
      order[first + at] = i;
      at++;
    }
  }
  if (lane == LANES - 1u && label == p.C - 1u) { offsets[head * (p.C + 1u) + p.C] = at; }
}
