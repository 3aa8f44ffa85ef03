// f[n,k] = 1/T sum over t of delta[t,n]^2 x[t,k]^2 by 32x32 tiles of f: sixteen samples of both operands are squared
// on their way into workgroup memory. Every invocation owns 4x4 weights, 8 apart. Any sizes.

struct Params { T: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> delta: array<f32>; // [T,N]
@group(0) @binding(2) var<storage, read> x: array<f32>;     // [T,K]
@group(0) @binding(3) var<storage, read_write> f: array<f32>;

const SIDE = 32u;
const DEPTH = 16u;
var<workgroup> tileD: array<f32, DEPTH * SIDE>; // [t][row]
var<workgroup> tileX: array<f32, DEPTH * SIDE>; // [t][column]

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let corner = group.xy * SIDE; // column and row of f where the tile starts
  var sums = mat4x4f();         // sums[i][j] is row 8i, column 8j from this invocation's first
  for (var t = 0u; t < p.T; t += DEPTH) {
    for (var i = lane; i < SIDE * DEPTH; i += 64u) {
      let sample = t + i / SIDE;
      let at = min(sample, p.T - 1u);
      let d = delta[at * p.N + min(corner.y + i % SIDE, p.N - 1u)];
      let a = x[at * p.K + min(corner.x + i % SIDE, p.K - 1u)];
      tileD[i] = select(0.0, d * d, sample < p.T);
      tileX[i] = a * a;
    }
    workgroupBarrier();
    for (var s = 0u; s < DEPTH; s++) {
      let r = s * SIDE + local.y;
      let c = s * SIDE + local.x;
      let left = vec4f(tileD[r], tileD[r + 8u], tileD[r + 16u], tileD[r + 24u]);
      let line = vec4f(tileX[c], tileX[c + 8u], tileX[c + 16u], tileX[c + 24u]);
      sums += mat4x4f(left.x * line, left.y * line, left.z * line, left.w * line);
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let row = corner.y + local.y + 8u * i;
      let col = corner.x + local.x + 8u * j;
      if (row < p.N && col < p.K) { f[row * p.K + col] = sums[i][j] / f32(p.T); }
    }
  }
}
