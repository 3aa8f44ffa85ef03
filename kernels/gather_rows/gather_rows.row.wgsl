// y[h,i] = x[h, order[h,i]], a row per invocation, so that it is looked up once. D divisible by 4.

struct Params { H: u32, N: u32, M: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;   // [H,N,D/4]
@group(0) @binding(2) var<storage, read> order: array<u32>; // [H,M]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [H,M,D/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let row = id.x + id.y * groups.x * 64u;
  if (row >= p.H * p.M) { return; }
  let source = (row / p.M * p.N + order[row]) * pitch;
  let into = row * pitch;
  for (var i = 0u; i < pitch; i++) { y[into + i] = x[source + i]; }
}
