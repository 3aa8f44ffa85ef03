// C = A B by 64x64 tiles of C: 16 steps of K of both operands are staged in workgroup memory, so each
// number travels from storage once per tile and is used 64 times. Every invocation owns four 4x4 blocks,
// 32 rows and 32 columns apart, so that neighbours read neighbouring words. Needs K and N divisible by 4.

struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,K/4]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [K,N/4]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;

const DEPTH = 16u;
const PITCH = 17u; // 16 words of a tile's line and one more, so that its columns lie on different memory banks
var<workgroup> tileA: array<vec4f, DEPTH * PITCH>; // [k][row/4]
var<workgroup> tileB: array<vec4f, DEPTH * PITCH>; // [k][column/4]

fn outer(rows: vec4f, line: vec4f) -> mat4x4f {
  return mat4x4f(rows.x * line, rows.y * line, rows.z * line, rows.w * line);
}

fn store(part: mat4x4f, row: u32, col: u32) {
  if (col >= p.N) { return; }
  for (var i = 0u; i < 4u && row + i < p.M; i++) {
    c[((row + i) * p.N + col) / 4u] = part[i];
  }
}

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let line = p.K / 4u;
  let pitch = p.N / 4u;
  // Staging: four rows of A at four steps of K each; of B every fourth line, 16 words side by side.
  let rows = min(group.y * 64u + lane / 4u * 4u + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)) * line;
  let col = min(group.x * 16u + lane % 16u, pitch - 1u);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var first = 0u; first < p.K; first += DEPTH) {
    let step = first / 4u + lane % 4u;
    let k = min(step, line - 1u);
    let part = transpose(mat4x4f(a[rows.x + k], a[rows.y + k], a[rows.z + k], a[rows.w + k])) * select(0.0, 1.0, step < line);
    for (var i = 0u; i < 4u; i++) {
      tileA[(lane % 4u * 4u + i) * PITCH + lane / 4u] = part[i];
      let l = lane / 16u + 4u * i;
      tileB[l * PITCH + lane % 16u] = b[min(first + l, p.K - 1u) * pitch + col];
    }
    workgroupBarrier();
    for (var l = 0u; l < DEPTH; l++) {
      let a0 = tileA[l * PITCH + local.y];
      let a1 = tileA[l * PITCH + local.y + 8u];
      let b0 = tileB[l * PITCH + local.x];
      let b1 = tileB[l * PITCH + local.x + 8u];
      c00 += outer(a0, b0);
      c01 += outer(a0, b1);
      c10 += outer(a1, b0);
      c11 += outer(a1, b1);
    }
    workgroupBarrier();
  }
  let row = group.y * 64u + local.y * 4u;
  let left = group.x * 64u + local.x * 4u;
  store(c00, row, left);
  store(c01, row, left + 32u);
  store(c10, row + 32u, left);
  store(c11, row + 32u, left + 32u);
}
