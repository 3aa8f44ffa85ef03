// MXFP4: groups of 32 along K share a power of two, 2^(floor(log2 absmax) - 2); values beyond 6 times it saturate.
// One group per invocation. Midpoints times a power of two are exact, so every comparison is.

struct Params { M: u32, K: u32, tieToEven: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<storage, read_write> scales: array<f32>;

// The exponent field of a float is floor(log2) + 127; the smallest scale is the smallest normal number.
fn group_scale(absmax: f32) -> f32 {
  let field = max(bitcast<u32>(absmax) >> 23u, 3u) - 2u;
  return select(bitcast<f32>(field << 23u), 1.0, absmax == 0.0);
}

// Code of v / s: sign in bit 3, level in bits 0 to 2.
fn encode(v: f32, s: f32) -> u32 {
  let magnitude = abs(v);
  let middle = array<f32, 7>(0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5.0);
  var code = 0u;
  for (var i = 0u; i < 7u; i++) {
    let edge = middle[i] * s;
    // On the edge: the even code, or the larger value (which is down in magnitude when v is negative).
    let upAtTie = select(v > 0.0, (i & 1u) == 1u, p.tieToEven == 1u);
    code += u32(magnitude > edge || (magnitude == edge && upAtTie));
  }
  return select(code, code + 8u, v < 0.0 && code > 0u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let groups = (p.K + 31u) / 32u;
  let index = id.x + id.y * grid.x * 64u;
  if (index >= p.M * groups) { return; }
  let row = index / groups;
  let begin = (index % groups) * 32u;
  let end = min(begin + 32u, p.K);

  var absmax = 0.0;
  for (var k = begin; k < end; k++) { absmax = max(absmax, abs(x[row * p.K + k])); }
  let scale = group_scale(absmax);
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
