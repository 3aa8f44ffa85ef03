// m[i,g] = max over the G channels of group g of |x[i,k]|, one group per invocation.

struct Params { M: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let perRow = (p.K + p.G - 1u) / p.G;
  if (i >= p.M * perRow) { return; }
  let row = i / perRow;
  let start = (i % perRow) * p.G;
  var largest = 0.0;
  for (var k = start; k < min(start + p.G, p.K); k++) {
    largest = max(largest, abs(x[row * p.K + k]));
  }
  m[i] = largest;
}
