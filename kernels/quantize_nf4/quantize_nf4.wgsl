// NF4: groups of G along K share their largest magnitude; the code is the nearest of sixteen normal quantiles.
// One group per invocation.

struct Params { M: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;

// Code of v / s: how many midpoints between neighbouring levels lie below it.
fn encode(v: f32, s: f32) -> u32 {
  let middle = array<f32, 15>(
    -0.8480963706970215, -0.6106328964233398, -0.4599952697753906, -0.33967941999435425, -0.23460739850997925,
    -0.13791173696517944, -0.045525018125772476, 0.03979014977812767, 0.120255246758461, 0.2035212516784668,
    0.2920137643814087, 0.3893125355243683, 0.5016634464263916, 0.6427869200706482, 0.8614784479141235,
  );
  var code = 0u;
  for (var i = 0u; i < 15u; i++) { code += u32(v > middle[i] * s); }
  return code;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let groups = (p.K + p.G - 1u) / p.G;
  let index = id.x + id.y * grid.x * 64u;
  if (index >= p.M * groups) { return; }
  let row = index / groups;
  let begin = (index % groups) * p.G;
  let end = min(begin + p.G, p.K);

  var absmax = 0.0;
  for (var k = begin; k < end; k++) { absmax = max(absmax, abs(x[row * p.K + k])); }
  let scale = select(absmax, 1.0, absmax == 0.0);
  scales[index] = scale;

  let words = (p.K + 7u) / 8u;
  for (var k = begin; k < end; k += 8u) {
    var word = 0u;
    for (var i = 0u; i < min(8u, end - k); i++) {
      word |= encode(x[row * p.K + k + i], scale) << (4u * i);
    }
    codes[row * words + k / 8u] = word;
  }
}
