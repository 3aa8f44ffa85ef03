// The values that 4-bit indices into a table of sixteen stand for: x = book[code] * (scale * tensorScale).
// One word, eight values, per invocation.

struct Params { M: u32, K: u32, G: u32, tensorScale: f32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> book: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let words = (p.K + 7u) / 8u;
  let index = id.x + id.y * grid.x * 64u;
  if (index >= p.M * words) { return; }
  let row = index / words;
  let begin = (index % words) * 8u;
  let groups = (p.K + p.G - 1u) / p.G;
  let scale = scales[row * groups + begin / p.G] * p.tensorScale;
  let word = codes[index];
  for (var i = 0u; i < min(8u, p.K - begin); i++) {
    x[row * p.K + begin + i] = book[(word >> (4u * i)) & 15u] * scale;
  }
}
