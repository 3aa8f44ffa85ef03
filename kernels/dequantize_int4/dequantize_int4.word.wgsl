// x = q * s for eight packed 4-bit codes per invocation. Shifting a nibble to the top of a signed
// word and back down extends its sign.

struct Params { M: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> codes: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let words = (p.K + 7u) / 8u;
  if (i >= p.M * words) { return; }
  let row = i / words;
  let first = (i % words) * 8u;
  let scale = scales[row * ((p.K + p.G - 1u) / p.G) + first / p.G]; // a word lies within one group
  for (var k = first; k < min(first + 8u, p.K); k++) {
    let q = bitcast<i32>(codes[i] << (28u - 4u * (k - first))) >> 28u;
    x[row * p.K + k] = f32(q) * scale;
  }
}
