// y[h,i] = x[h, order[h,i]], one channel per invocation, any D.

struct Params { H: u32, N: u32, M: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;     // [H,N,D]
@group(0) @binding(2) var<storage, read> order: array<u32>; // [H,M]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [H,M,D]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * 64u;
  if (index >= p.H * p.M * p.D) { return; }
  let row = index / p.D;
  let head = row / p.M;
  y[index] = x[(head * p.N + order[row]) * p.D + index % p.D];
}
