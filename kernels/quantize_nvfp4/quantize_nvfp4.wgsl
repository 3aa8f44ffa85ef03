// NVFP4: groups of 16 along K share one E4M3 scale s; value = level * s * tensorScale.
// One group per invocation. Every decision compares a value with a midpoint times the scale:
// products are correctly rounded everywhere, quotients on a GPU are not.

struct Params { M: u32, K: u32, tensorScale: f32, tieToEven: u32, divideByUnrounded: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;

// The E4M3 number nearest to absmax / 6 / tensorScale, at most 448; 1 where that is 0.
fn group_scale(absmax: f32) -> f32 {
  let quotient = min(absmax / 6.0 / p.tensorScale, 448.0);
  if (quotient < 0x1p-12) { return 1.0; } // far below half the smallest E4M3 number
  // Grid near the quotient: multiples of 2^(e-3), the exponent e read from the bits.
  let exponent = max(i32(bitcast<u32>(quotient) >> 23u) - 127, -6);
  let step = bitcast<f32>(u32(exponent - 3 + 127) << 23u);
  let below = floor(quotient / step);
  let middle = (below + 0.5) * step * 6.0 * p.tensorScale; // what absmax is at the midpoint
  let upAtTie = p.tieToEven == 0u || (u32(below) & 1u) == 1u;
  let up = absmax > middle || (absmax == middle && upAtTie);
  let scale = min((below + select(0.0, 1.0, up)) * step, 448.0);
  return select(1.0, scale, scale > 0.0);
}

// Code of v / (bound / factor): sign in bit 3, level in bits 0 to 2.
fn encode(v: f32, factor: f32, bound: f32) -> u32 {
  let magnitude = abs(v) * factor;
  let middle = array<f32, 7>(0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0);
  var code = 0u;
  for (var i = 0u; i < 7u; i++) {
    let edge = middle[i] * bound;
    // On the edge: the even code, or the larger value (which is down in magnitude when v is negative).
    let upAtTie = select(v > 0.0, (i & 1u) == 1u, p.tieToEven == 1u);
    code += u32(magnitude > edge || (magnitude == edge && upAtTie));
  }
  return select(code, code + 8u, v < 0.0 && code > 0u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let groups = (p.K + 15u) / 16u;
  let index = id.x + id.y * grid.x * 64u;
  if (index >= p.M * groups) { return; }
  let row = index / groups;
  let begin = (index % groups) * 16u;
  let end = min(begin + 16u, p.K);

  var absmax = 0.0;
  for (var k = begin; k < end; k++) { absmax = max(absmax, abs(x[row * p.K + k])); }
  let scale = group_scale(absmax);
  scales[index] = scale;

  // v / s as v * factor against midpoint * bound: (1, s t), or (6, absmax) for the unrounded scale absmax / 6.
  let unrounded = p.divideByUnrounded == 1u && absmax > 0.0;
  let factor = select(1.0, 6.0, unrounded);
  let bound = select(scale * p.tensorScale, absmax, unrounded);
  let words = (p.K + 7u) / 8u;
  for (var k = begin; k < end; k += 8u) {
    var word = 0u;
    for (var i = 0u; i < min(8u, end - k); i++) {
      word |= encode(x[row * p.K + k + i], factor, bound) << (4u * i);
    }
    codes[row * words + k / 8u] = word;
  }
}
