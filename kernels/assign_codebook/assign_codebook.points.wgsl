// code[n,k] = the nearest of row n's C values; of two equally near, the lower index. Eight weights of a row per
// invocation.

struct Params { N: u32, K: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;    // [N,K]
@group(0) @binding(2) var<storage, read> book: array<f32>; // [N,C]
@group(0) @binding(3) var<storage, read_write> codes: array<u32>;

const FARTHEST = vec4f(3.4028234e38);

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let eights = (p.K + 7u) / 8u;
  let index = id.x + id.y * groups.x * 64u;
  if (index >= p.N * eights) { return; }
  let row = index / eights;
  let begin = (index % eights) * 8u;
  // Weights past the end repeat the last and are not stored.
  let a = row * p.K + min(begin + vec4u(0, 1, 2, 3), vec4u(p.K - 1u));
  let b = row * p.K + min(begin + vec4u(4, 5, 6, 7), vec4u(p.K - 1u));
  let first = vec4f(w[a.x], w[a.y], w[a.z], w[a.w]);
  let second = vec4f(w[b.x], w[b.y], w[b.z], w[b.w]);
  var nearA = FARTHEST;
  var nearB = FARTHEST;
  var codeA = vec4u();
  var codeB = vec4u();
  for (var c = 0u; c < p.C; c++) {
    let value = book[row * p.C + c];
    let toA = abs(first - value);
    let toB = abs(second - value);
    codeA = select(codeA, vec4u(c), toA < nearA);
    codeB = select(codeB, vec4u(c), toB < nearB);
    nearA = min(nearA, toA);
    nearB = min(nearB, toB);
  }
  for (var i = 0u; i < min(8u, p.K - begin); i++) {
    codes[row * p.K + begin + i] = select(codeB[i % 4u], codeA[i % 4u], i < 4u);
  }
}
