// m[i] = max over j of |x[i,j]|, one row per invocation.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= p.M) { return; }
  var largest = 0.0;
  for (var i = row * p.N; i < (row + 1u) * p.N; i++) {
    largest = max(largest, abs(x[i]));
  }
  m[row] = largest;
}
