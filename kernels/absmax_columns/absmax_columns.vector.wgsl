// m[j] = max over i of |x[i,j]|, four columns per invocation. Needs N divisible by 4.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [M,N/4]
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.N / 4u;
  let col = id.x + id.y * groups.x * 32u;
  if (col >= pitch) { return; }
  let end = p.M * pitch;
  var tops = vec4f();
  var i = col;
  for (; i + 3u * pitch < end; i += 4u * pitch) {
    tops = max(tops, max(max(abs(x[i]), abs(x[i + pitch])), max(abs(x[i + 2u * pitch]), abs(x[i + 3u * pitch]))));
  }
  for (; i < end; i += pitch) { tops = max(tops, abs(x[i])); }
  m[col] = tops;
}
