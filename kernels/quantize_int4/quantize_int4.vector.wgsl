// Symmetric 4-bit quantization, one group of G channels per invocation, four numbers at a time:
//   s = max|x| / 7 (1 for a group of zeros),  q = clamp(round(x / s), -7, 7).
// WGSL's round() sends ties to the even neighbour. Eight codes share a word, the first in the
// lowest nibble, as two's complement. Needs K divisible by 8.

struct Params { M: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;

/// Four codes in the low 16 bits. Plus 3 * 2^22, a rounded quotient stands in the lowest bits of the float, in two's complement.
fn quantize(v: vec4f, scale: f32) -> u32 {
  let sum = bitcast<vec4i>(round(v / scale) + 12582912.0);
  let q = vec4u(clamp(sum, vec4i(0x4b3ffff9), vec4i(0x4b400007))) & vec4u(15u);
  return q.x | (q.y << 4u) | (q.z << 8u) | (q.w << 12u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let perRow = (p.K + p.G - 1u) / p.G;
  if (i >= p.M * perRow) { return; }
  let row = i / perRow * (p.K / 4u);
  let start = i % perRow * p.G / 4u;
  let end = row + min(start + p.G / 4u, p.K / 4u);

  // Loops end with their test: left at their head, they run once more, masked, on software adapters.
  // Without their sign, floats are ordered as integers are.
  var most = vec4i();
  var k = row + start;
  loop {
    most = max(most, bitcast<vec4i>(x[k]) & vec4i(0x7fffffff));
    continuing {
      k++;
      break if k >= end;
    }
  }
  let largest = bitcast<f32>(max(max(most.x, most.y), max(most.z, most.w)));
  var scale = largest / 7.0;
  // A quotient may be off by 2.5 ulp; this remainder is exact (7 s = 8 s - s), and brings it to the nearest float.
  scale += ((largest - 8.0 * scale) + scale) / 7.0;
  if (scale == 0.0) { scale = 1.0; }
  scales[i] = scale;

  k = row + start;
  loop {
    codes[k / 2u] = quantize(x[k], scale) | (quantize(x[k + 1u], scale) << 16u);
    continuing {
      k += 2u;
      break if k >= end;
    }
  }
}
