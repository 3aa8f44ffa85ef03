// One pass over X for both paths of SVDQuant, one token per workgroup of 64:
//   4-bit path:    X^ = X / lambda,  s = max|X^| / 7 per group,  q = clamp(round(X^ / s), -7, 7)
//   16-bit branch: h = X down^T, of the raw X (the caller has divided `down` by lambda)
// Groups are dealt to the invocations; for the branch each takes every 64th channel, 16 ranks at a
// time, and the 64 partial sums meet in a tree whose order never changes. Any K.

struct Params { T: u32, K: u32, G: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;      // [T,K]
@group(0) @binding(2) var<storage, read> lambda: array<f32>; // [K]
@group(0) @binding(3) var<storage, read> down: array<f32>;   // [R,K]
@group(0) @binding(4) var<storage, read_write> codes: array<u32>;
@group(0) @binding(5) var<storage, read_write> scales: array<f32>;
@group(0) @binding(6) var<storage, read_write> h: array<f32>;

var<workgroup> partial: array<mat4x4f, 64>; // 16 ranks each

fn quantizeGroup(token: u32, g: u32, groups: u32) {
  let row = token * p.K;
  let start = g * p.G;
  let end = min(start + p.G, p.K);
  var largest = 0.0;
  for (var k = start; k < end; k++) {
    largest = max(largest, abs(x[row + k] / lambda[k]));
  }
  var scale = largest / 7.0;
  // A quotient may be off by 2.5 ulp; this remainder is exact (7 s = 8 s - s), and brings it to the nearest float.
  scale += ((largest - 8.0 * scale) + scale) / 7.0;
  if (scale == 0.0) { scale = 1.0; }
  scales[token * groups + g] = scale;
  let words = (p.K + 7u) / 8u;
  for (var first = start; first < end; first += 8u) {
    var word = 0u;
    for (var k = first; k < min(first + 8u, end); k++) {
      let q = clamp(round(x[row + k] / lambda[k] / scale), -7.0, 7.0);
      word |= (u32(i32(q)) & 15u) << (4u * (k - first));
    }
    codes[token * words + first / 8u] = word;
  }
}

fn ranks(first: u32, k: u32) -> vec4f {
  let r = min(first + vec4u(0, 1, 2, 3), vec4u(p.R - 1u)) * p.K + k;
  return vec4f(down[r.x], down[r.y], down[r.z], down[r.w]);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) launched: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let token = group.x + group.y * launched.x;
  if (token >= p.T) { return; }
  let groups = (p.K + p.G - 1u) / p.G;
  for (var g = lane; g < groups; g += 64u) {
    quantizeGroup(token, g, groups);
  }
  for (var rank = 0u; rank < p.R; rank += 16u) {
    var sums = mat4x4f();
    for (var k = lane; k < p.K; k += 64u) {
      let d = mat4x4f(ranks(rank, k), ranks(rank + 4u, k), ranks(rank + 8u, k), ranks(rank + 12u, k));
      sums += x[token * p.K + k] * d;
    }
    partial[lane] = sums;
    for (var half = 32u; half > 0u; half /= 2u) {
      workgroupBarrier();
      if (lane < half) { partial[lane] += partial[lane + half]; }
    }
    workgroupBarrier();
    if (lane < min(16u, p.R - rank)) {
      h[token * p.R + rank + lane] = partial[0][lane / 4u][lane % 4u];
    }
    workgroupBarrier();
  }
}
