// y = x, four floats at a time: as fast as the device moves memory. A workgroup copies 1024 vec4s side by side, so
// that an invocation's start weighs little where threads are dear.

struct Params { N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let begin = (group.x + group.y * groups.x) * 1024u;
  // Buffers are bound in whole vec4s, so the last one may be copied past N.
  let end = min(begin + 1024u, (p.N + 3u) / 4u);
  for (var i = begin + lane; i < end; i += 64u) { y[i] = x[i]; }
}
