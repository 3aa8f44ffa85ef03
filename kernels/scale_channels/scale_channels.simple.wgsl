// Smoothing: y[i,k] = x[i,k] / s[k] for activations, x[i,k] * s[k] for weights.

struct Params { M: u32, K: u32, divide: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> s: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= p.M * p.K) { return; }
  let factor = s[i % p.K];
  if (p.divide != 0u) {
    y[i] = x[i] / factor;
  } else {
    y[i] = x[i] * factor;
  }
}
