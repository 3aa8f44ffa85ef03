// B = transpose(A), one element of B per invocation. Writes are contiguous, reads are strided.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> b: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= p.M * p.N) { return; }
  let row = i / p.M; // of B
  let col = i % p.M;
  b[i] = a[col * p.N + row];
}
