// y = s (q - z) with q = clamp(round(x / s) + z, 0, 2^bits - 1), s = (max - min) / (2^bits - 1) and z = round(-min / s)
// over each group of G, min <= 0 <= max. One group per invocation.

struct Params { M: u32, K: u32, G: u32, bits: u32 }

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

  var low = 0.0;
  var high = 0.0;
  for (var k = start; k < end; k++) {
    low = min(low, x[k]);
    high = max(high, x[k]);
  }
  let last = f32((1u << p.bits) - 1u);
  var scale = (high - low) / last;
  if (scale == 0.0) { scale = 1.0; }
  let zero = round(-low / scale);
  for (var k = start; k < end; k++) {
    y[k] = (clamp(round(x[k] / scale) + zero, 0.0, last) - zero) * scale;
  }
}
