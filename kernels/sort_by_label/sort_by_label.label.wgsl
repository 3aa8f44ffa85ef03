// A stable counting sort in one launch: order[h] lists the tokens of head h by label, those of one label as they came,
// and label j's begin at offsets[h,j]. One label of one head per invocation: it counts the smaller labels, which is
// where its own begin, and then writes its own.

struct Params { H: u32, N: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> labels: array<u32>; // [H,N]
@group(0) @binding(2) var<storage, read_write> order: array<u32>;   // [H,N]
@group(0) @binding(3) var<storage, read_write> offsets: array<u32>; // [H,C+1]

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * 16u;
  if (index >= p.H * p.C) { return; }
  let head = index / p.C;
  let label = index % p.C;
  let first = head * p.N;
  var at = 0u;
  for (var i = 0u; i < p.N; i++) { at += select(0u, 1u, labels[first + i] < label); }
  offsets[head * (p.C + 1u) + label] = at;
  for (var i = 0u; i < p.N; i++) {
    if (labels[first + i] == label) {
      order[first + at] = i;
      at++;
    }
  }
  if (label == p.C - 1u) { offsets[head * (p.C + 1u) + p.C] = at; }
}
