// Symmetric 4-bit quantization, one group of G channels per invocation:
//   s = max|x| / 7 (1 for a group of zeros),  q = clamp(round(x / s), -7, 7).
// WGSL's round() sends ties to the even neighbour. Eight codes share a word, the first in the
// lowest nibble, as two's complement; a row's last word is padded with zeros.

struct Params { M: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let perRow = (p.K + p.G - 1u) / p.G;
  if (i >= p.M * perRow) { return; }
  let row = i / perRow;
  let start = (i % perRow) * p.G;
  let end = min(start + p.G, p.K);

  var largest = 0.0;
  for (var k = start; k < end; k++) {
    largest = max(largest, abs(x[row * p.K + k]));
  }
  var scale = largest / 7.0;
  // A quotient may be off by 2.5 ulp; this remainder is exact (7 s = 8 s - s), and brings it to the nearest float.
  scale += ((largest - 8.0 * scale) + scale) / 7.0;
  if (scale == 0.0) { scale = 1.0; }
  scales[i] = scale;

  let words = (p.K + 7u) / 8u;
  for (var first = start; first < end; first += 8u) {
    var word = 0u;
    for (var k = first; k < min(first + 8u, end); k++) {
      let q = clamp(round(x[row * p.K + k] / scale), -7.0, 7.0);
      word |= (u32(i32(q)) & 15u) << (4u * (k - first));
    }
    codes[row * words + first / 8u] = word;
  }
}
