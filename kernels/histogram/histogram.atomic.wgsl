// counts[b] = how many x fall into bin b of [low, high]; values outside go to the end bins.
// A workgroup counts 1024 bins over all of x in workgroup memory and stores each once, so the
// output needs no clearing beforehand. Integer addition is exact in any order.

struct Params { M: u32, N: u32, B: u32, low: f32, high: f32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> counts: array<u32>;

var<workgroup> bins: array<atomic<u32>, 1024>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.x + group.y * groups.x) * 1024u;
  let perUnit = f32(p.B) / (p.high - p.low);
  for (var i = lane; i < p.M * p.N; i += 256u) {
    let at = clamp(floor((x[i] - p.low) * perUnit), 0.0, f32(p.B - 1u));
    let bin = u32(at) - first; // wraps far above 1024 where another workgroup counts
    if (bin < 1024u) { atomicAdd(&bins[bin], 1u); }
  }
  workgroupBarrier();
  for (var b = lane; b < min(1024u, p.B - min(p.B, first)); b += 256u) {
    counts[first + b] = atomicLoad(&bins[b]);
  }
}
