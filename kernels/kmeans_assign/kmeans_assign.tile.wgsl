// label[h,n] = the nearest of head h's C centroids; of two equally near, the lower index. 64 points per workgroup, one
// per invocation; sixteen centroids and 32 channels of them at a time pass through workgroup memory. The nearest
// centroid has the largest x c^T - |c|^2 / 2. D divisible by 4.

struct Params { H: u32, N: u32, C: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> c: array<vec4f>; // [H,C,D/4]
@group(0) @binding(3) var<storage, read_write> labels: array<u32>; // [H,N]

const LOWEST = -3.4028234e38;
const WIDE = 8u; // vec4 columns of a chunk

var<workgroup> centers: array<vec4f, 16 * WIDE>; // [centroid][column]

/// Four centroids, from `first` of the chunk on, against one point's column.
fn against(first: u32, column: u32, point: vec4f) -> vec4f {
  let at = first * WIDE + column;
  return point * mat4x4f(centers[at], centers[at + WIDE], centers[at + 2u * WIDE], centers[at + 3u * WIDE]);
}

/// Half the squared lengths of four centroids, one column of them.
fn halves(first: u32, column: u32) -> vec4f {
  let at = first * WIDE + column;
  let a = centers[at];
  let b = centers[at + WIDE];
  let d = centers[at + 2u * WIDE];
  let e = centers[at + 3u * WIDE];
  return 0.5 * vec4f(dot(a, a), dot(b, b), dot(d, d), dot(e, e));
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let pitch = p.D / 4u;
  let tiles = (p.N + 63u) / 64u;
  let index = group.x + group.y * groups.x;
  if (index >= p.H * tiles) { return; }
  let head = index / tiles;
  let point = index % tiles * 64u + lane;
  let mine = (head * p.N + min(point, p.N - 1u)) * pitch;
  var best = LOWEST;
  var label = 0u;
  for (var first = 0u; first < p.C; first += 16u) {
    var scores = mat4x4f(); // [j][i]: centroid first + 4 j + i
    for (var column = 0u; column < pitch; column += WIDE) {
      workgroupBarrier();
      for (var i = lane; i < 16u * WIDE; i += 64u) {
        let at = column + i % WIDE;
        let source = (head * p.C + min(first + i / WIDE, p.C - 1u)) * pitch + min(at, pitch - 1u);
        centers[i] = select(vec4f(), c[source], at < pitch);
      }
      workgroupBarrier();
      for (var l = 0u; l < WIDE; l++) {
        let value = x[mine + min(column + l, pitch - 1u)]; // past the end the centroids are zero
        scores += mat4x4f(
          against(0u, l, value) - halves(0u, l),
          against(4u, l, value) - halves(4u, l),
          against(8u, l, value) - halves(8u, l),
          against(12u, l, value) - halves(12u, l),
        );
      }
    }
    for (var j = 0u; j < 16u; j++) {
      let score = scores[j / 4u][j % 4u];
      if (score > best && first + j < p.C) {
        best = score;
        label = first + j;
      }
    }
  }
  if (point < p.N) { labels[head * p.N + point] = label; }
}
