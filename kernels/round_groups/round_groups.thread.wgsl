// y = s * clamp(round(x / s), -qmax, qmax) with s = max|x| / qmax, one group of G per invocation.

struct Params { M: u32, K: u32, G: u32, qmax: f32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let perRow = (p.K + p.G - 1u) / p.G;
  if (i >= p.M * perRow) { return; }
  let start = (i / perRow) * p.K + (i % perRow) * p.G;
  let end = min(start + p.G, (i / perRow + 1u) * p.K);

  var largest = 0.0;
  for (var k = start; k < end; k++) {
    largest = max(largest, abs(x[k]));
  }
  var scale = largest / p.qmax;
  if (scale == 0.0) { scale = 1.0; }
  for (var k = start; k < end; k++) {
    y[k] = clamp(round(x[k] / scale), -p.qmax, p.qmax) * scale;
  }
}
