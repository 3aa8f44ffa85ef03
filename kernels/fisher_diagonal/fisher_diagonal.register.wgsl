// f[n,k] = 1/T sum over t of delta[t,n]^2 x[t,k]^2, one 8x8 block of f per invocation, in registers. Operands are loaded
// four numbers at a time. Needs N and K divisible by 4.

struct Params { T: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> delta: array<vec4f>; // [T,N/4]
@group(0) @binding(2) var<storage, read> x: array<vec4f>;     // [T,K/4]
@group(0) @binding(3) var<storage, read_write> f: array<vec4f>; // [N,K/4]

/// Column i is g[i] h: row i of what a sample adds to a 4x4 block.
fn outer(g: vec4f, h: vec4f) -> mat4x4f {
  return mat4x4f(g.x * h, g.y * h, g.z * h, g.w * h);
}

fn store(block: mat4x4f, row: u32, col: u32) {
  if (row >= p.N || col >= p.K) { return; }
  for (var i = 0u; i < 4u; i++) { f[((row + i) * p.K + col) / 4u] = block[i] / f32(p.T); }
}

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 8u;
  let col = id.x * 8u;
  if (row >= p.N || col >= p.K) { return; }
  // Clamped blocks are computed again and never stored.
  let top = row / 4u;
  let bottom = min(top + 1u, p.N / 4u - 1u);
  let left = col / 4u;
  let right = min(left + 1u, p.K / 4u - 1u);
  var a = mat4x4f();
  var b = mat4x4f();
  var c = mat4x4f();
  var d = mat4x4f();
  for (var t = 0u; t < p.T; t++) {
    let n = t * (p.N / 4u);
    let k = t * (p.K / 4u);
    let d0 = delta[n + top];
    let d1 = delta[n + bottom];
    let x0 = x[k + left];
    let x1 = x[k + right];
    a += outer(d0 * d0, x0 * x0);
    b += outer(d0 * d0, x1 * x1);
    c += outer(d1 * d1, x0 * x0);
    d += outer(d1 * d1, x1 * x1);
  }
  store(a, row, col);
  store(b, row, col + 4u);
  store(c, row + 4u, col);
  store(d, row + 4u, col + 4u);
}
