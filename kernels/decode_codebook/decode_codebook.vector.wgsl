// w[n,k] = book[n, code[n,k]], eight values per invocation, stored four at a time. Codes are a row's bit stream, lowest
// bits first. Four codes of at most 8 bits fit a window of 32 bits. Needs K divisible by 4.

struct Params { N: u32, K: u32, B: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> codes: array<u32>; // [N,ceil(K/32)*B]
@group(0) @binding(2) var<storage, read> book: array<f32>;  // [N,2^B]
@group(0) @binding(3) var<storage, read_write> w: array<vec4f>; // [N,K/4]

/// Four values from code k on, of the row whose stream and book begin there.
fn look(k: u32, stream: u32, start: u32) -> vec4f {
  let word = stream + k * p.B / 32u;
  let shift = k * p.B % 32u;
  var window = codes[word] >> shift;
  if (shift + 4u * p.B > 32u) { window |= codes[word + 1u] << (32u - shift); }
  let at = start + ((vec4u(window) >> (vec4u(0, 1, 2, 3) * p.B)) & vec4u((1u << p.B) - 1u));
  return vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let eights = (p.K + 7u) / 8u;
  let index = id.x + id.y * groups.x * 64u;
  if (index >= p.N * eights) { return; }
  let row = index / eights;
  let k = (index % eights) * 8u;
  let stream = row * ((p.K + 31u) / 32u) * p.B;
  let at = (row * p.K + k) / 4u;
  w[at] = look(k, stream, row << p.B);
  if (k + 4u < p.K) { w[at + 1u] = look(k + 4u, stream, row << p.B); }
}
