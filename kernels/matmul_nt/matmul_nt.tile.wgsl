// C = A B^T by 64x64 tiles of C: 16 steps of K of both operands are staged in workgroup memory, so each
// number travels from storage once per tile and is used 64 times. Every invocation owns 4x4 outputs,
// 16 apart, so that neighbouring invocations read neighbouring words. Any sizes.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [M,K]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [N,K]
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

const SIDE = 64u;
const DEPTH = 16u;
const PITCH = SIDE + 1u; // odd, so that a column of the tile lies on different memory banks
var<workgroup> tileA: array<f32, DEPTH * PITCH>; // [k][row]
var<workgroup> tileB: array<f32, DEPTH * PITCH>; // [k][column]

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let corner = group.xy * SIDE; // column and row of C where the tile starts
  var sums = mat4x4f();         // sums[i][j] is row 16i, column 16j from this invocation's first
  for (var k = 0u; k < p.K; k += DEPTH) {
    for (var i = lane; i < SIDE * DEPTH; i += 256u) {
      let row = corner.y + i / DEPTH;
      let l = k + i % DEPTH;
      tileA[i % DEPTH * PITCH + i / DEPTH] = select(0.0, a[min(row, p.M - 1u) * p.K + min(l, p.K - 1u)], l < p.K);
    }
    for (var i = lane; i < SIDE * DEPTH; i += 256u) {
      let col = corner.x + i / DEPTH;
      let l = k + i % DEPTH;
      tileB[i % DEPTH * PITCH + i / DEPTH] = select(0.0, b[min(col, p.N - 1u) * p.K + min(l, p.K - 1u)], l < p.K);
    }
    workgroupBarrier();
    for (var l = 0u; l < DEPTH; l++) {
      let y = l * PITCH + local.y;
      let x = l * PITCH + local.x;
      let left = vec4f(tileA[y], tileA[y + 16u], tileA[y + 32u], tileA[y + 48u]);
      let line = vec4f(tileB[x], tileB[x + 16u], tileB[x + 32u], tileB[x + 48u]);
      sums += mat4x4f(left.x * line, left.y * line, left.z * line, left.w * line);
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let row = corner.y + local.y + 16u * i;
      let col = corner.x + local.x + 16u * j;
      if (row < p.M && col < p.N) { c[row * p.N + col] = sums[i][j]; }
    }
  }
}
