// The words of 4-bit weights turned on their side: word k of row n goes to row k, column n, and the
// scales likewise. Rows of the result are padded with zeros to a multiple of 4, so that four
// neighbouring columns always load as one vector. One word and one scale per invocation.

struct Params { N: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> codes: array<u32>;  // [N,ceil(K/8)]
@group(0) @binding(2) var<storage, read> scales: array<f32>; // [N,ceil(K/G)]
@group(0) @binding(3) var<storage, read_write> wCodes: array<u32>;  // [ceil(K/8),pitch]
@group(0) @binding(4) var<storage, read_write> wScales: array<f32>; // [ceil(K/G),pitch]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) launched: vec3u) {
  let i = id.x + id.y * launched.x * 64u;
  let pitch = (p.N + 3u) / 4u * 4u;
  let words = (p.K + 7u) / 8u;
  let groups = (p.K + p.G - 1u) / p.G; // no more than words
  if (i >= words * pitch) { return; }
  let row = i / pitch;
  let n = i % pitch;
  let stored = n < p.N;
  let source = min(n, p.N - 1u);
  wCodes[i] = select(0u, codes[source * words + row], stored);
  if (row < groups) { wScales[i] = select(0.0, scales[source * groups + row], stored); }
}
