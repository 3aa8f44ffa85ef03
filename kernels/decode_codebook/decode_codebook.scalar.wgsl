// w[n,k] = book[n, code[n,k]], eight values per invocation. Codes are a row's bit stream, lowest bits first:
// code k begins at bit k B, and may end in the next word.

struct Params { N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(2) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(3) var<storage, read_write> w: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let eights = (p.K + 7u) / 8u;
  let index = id.x + id.y * groups.x * 64u;
  if (index >= p.N * eights) { return; }
  let row = index / eights;
  let begin = (index % eights) * 8u;
  let stream = row * ((p.K + 31u) / 32u) * p.B;
  for (var k = begin; k < min(begin + 8u, p.K); k++) {
    let word = stream + k * p.B / 32u;
    let shift = k * p.B % 32u;
    var code = codes[word] >> shift;
    if (shift + p.B > 32u) { code |= codes[word + 1u] << (32u - shift); }
    w[row * p.K + k] = book[(row << p.B) + (code & ((1u << p.B) - 1u))];
  }
}
