// The values that 4-bit indices into a table of sixteen stand for: x = book[code] * (scale * tensorScale).
// One word, eight values, per invocation, stored four at a time. Needs K divisible by 4.

struct Params { M: u32, K: u32, G: u32, tensorScale: f32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> codes: array<u32>;  // [M,ceil(K/8)]
@group(0) @binding(2) var<storage, read> scales: array<f32>; // [M,ceil(K/G)]
@group(0) @binding(3) var<storage, read> book: array<f32, 16>;
@group(0) @binding(4) var<storage, read_write> x: array<vec4f>; // [M,K/4]

fn look(word: u32) -> vec4f {
  let at = (vec4u(word) >> vec4u(0, 4, 8, 12)) & vec4u(15);
  return vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
}

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
  let at = (row * p.K + begin) / 4u;
  x[at] = look(word) * scale;
  if (begin + 4u < p.K) { x[at + 1u] = look(word >> 16u) * scale; }
}
