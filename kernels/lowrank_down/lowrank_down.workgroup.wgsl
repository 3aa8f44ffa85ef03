// h = X down^T, one token by 16 ranks per workgroup: each invocation takes every 64th channel,
// then the 64 partial sums meet in a tree whose order never changes.

struct Params { T: u32, K: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;    // [T,K]
@group(0) @binding(2) var<storage, read> down: array<f32>; // [R,K]
@group(0) @binding(3) var<storage, read_write> h: array<f32>;

var<workgroup> partial: array<mat4x4f, 64>; // 16 ranks each

fn ranks(first: u32, k: u32) -> vec4f {
  let r = min(first + vec4u(0, 1, 2, 3), vec4u(p.R - 1u)) * p.K + k;
  return vec4f(down[r.x], down[r.y], down[r.z], down[r.w]);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let token = group.y;
  let rank = group.x * 16u;
  if (rank >= p.R) { return; }
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
}
