// m[j] = max over i of |x[i,j]|, one column per invocation: neighbours read neighbouring numbers.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let col = id.x + id.y * groups.x * 64u;
  if (col >= p.N) { return; }
  var largest = 0.0;
  for (var row = 0u; row < p.M; row++) {
    largest = max(largest, abs(x[row * p.N + col]));
  }
  m[col] = largest;
}
