// code[n,k] = the nearest of row n's C values; of two equally near, the lower index. Sixteen weights of a row per
// invocation, loaded and stored four at a time. Needs K divisible by 4.

struct Params { N: u32, K: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;  // [N,K/4]
@group(0) @binding(2) var<storage, read> book: array<f32>; // [N,C]
@group(0) @binding(3) var<storage, read_write> codes: array<vec4u>; // [N,K/4]

const FARTHEST = vec4f(3.4028234e38);

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.K / 4u;
  let blocks = (pitch + 3u) / 4u;
  let index = id.x + id.y * groups.x * 64u;
  if (index >= p.N * blocks) { return; }
  let row = index / blocks;
  let begin = row * pitch + index % blocks * 4u;
  let end = (row + 1u) * pitch;
  // Weights past the end repeat the last and are not stored.
  let at = min(begin + vec4u(0, 1, 2, 3), vec4u(end - 1u));
  let w0 = w[at.x];
  let w1 = w[at.y];
  let w2 = w[at.z];
  let w3 = w[at.w];
  var n0 = FARTHEST;
  var n1 = FARTHEST;
  var n2 = FARTHEST;
  var n3 = FARTHEST;
  var c0 = vec4u();
  var c1 = vec4u();
  var c2 = vec4u();
  var c3 = vec4u();
  for (var c = 0u; c < p.C; c++) {
    let value = book[row * p.C + c];
    let d0 = abs(w0 - value);
    let d1 = abs(w1 - value);
    let d2 = abs(w2 - value);
    let d3 = abs(w3 - value);
    c0 = select(c0, vec4u(c), d0 < n0);
    c1 = select(c1, vec4u(c), d1 < n1);
    c2 = select(c2, vec4u(c), d2 < n2);
    c3 = select(c3, vec4u(c), d3 < n3);
    n0 = min(n0, d0);
    n1 = min(n1, d1);
    n2 = min(n2, d2);
    n3 = min(n3, d3);
  }
  codes[begin] = c0;
  if (begin + 1u < end) { codes[begin + 1u] = c1; }
  if (begin + 2u < end) { codes[begin + 2u] = c2; }
  if (begin + 3u < end) { codes[begin + 3u] = c3; }
}
