// label[h,n] = the nearest of head h's C centroids; of two equally near, the lower index. Eight points per invocation, held
// whole in registers while the centroids pass by, each fetched once for all eight. The nearest centroid has the largest
// x c^T - |c|^2 / 2. D divisible by 4 and at most 32.

struct Params { H: u32, N: u32, C: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> c: array<vec4f>; // [H,C,D/4]
@group(0) @binding(3) var<storage, read_write> labels: array<u32>; // [H,N]

const LOWEST = vec4f(-3.4028234e38);

/// Column i of four points; zero past the last column.
fn column(points: vec4u, i: u32) -> mat4x4f {
  let at = points * (p.D / 4u) + i;
  let inside = i < p.D / 4u;
  let none = vec4f();
  return mat4x4f(select(none, x[at.x], inside), select(none, x[at.y], inside), select(none, x[at.z], inside), select(none, x[at.w], inside));
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let eights = (p.N + 7u) / 8u;
  let index = id.x + id.y * groups.x * 32u;
  if (index >= p.H * eights) { return; }
  let head = index / eights;
  let point = index % eights * 8u;
  // Points past the end repeat the last and are not stored.
  let first = head * p.N + min(point + vec4u(0, 1, 2, 3), vec4u(p.N - 1u));
  let second = head * p.N + min(point + vec4u(4, 5, 6, 7), vec4u(p.N - 1u));
  let a0 = column(first, 0u);
  let a1 = column(first, 1u);
  let a2 = column(first, 2u);
  let a3 = column(first, 3u);
  let a4 = column(first, 4u);
  let a5 = column(first, 5u);
  let a6 = column(first, 6u);
  let a7 = column(first, 7u);
  let b0 = column(second, 0u);
  let b1 = column(second, 1u);
  let b2 = column(second, 2u);
  let b3 = column(second, 3u);
  let b4 = column(second, 4u);
  let b5 = column(second, 5u);
  let b6 = column(second, 6u);
  let b7 = column(second, 7u);
  var bestA = LOWEST;
  var bestB = LOWEST;
  var labelA = vec4u();
  var labelB = vec4u();
  for (var j = 0u; j < p.C; j++) {
    let at = (head * p.C + j) * pitch;
    let c0 = c[at];
    let c1 = select(vec4f(), c[at + 1u], 1u < pitch);
    let c2 = select(vec4f(), c[at + 2u], 2u < pitch);
    let c3 = select(vec4f(), c[at + 3u], 3u < pitch);
    let c4 = select(vec4f(), c[at + 4u], 4u < pitch);
    let c5 = select(vec4f(), c[at + 5u], 5u < pitch);
    let c6 = select(vec4f(), c[at + 6u], 6u < pitch);
    let c7 = select(vec4f(), c[at + 7u], 7u < pitch);
    var scoreA = vec4f(-0.5 * (((dot(c0, c0) + dot(c1, c1)) + (dot(c2, c2) + dot(c3, c3))) + ((dot(c4, c4) + dot(c5, c5)) + (dot(c6, c6) + dot(c7, c7)))));
    var scoreB = scoreA;
    scoreA += ((c0 * a0 + c1 * a1) + (c2 * a2 + c3 * a3)) + ((c4 * a4 + c5 * a5) + (c6 * a6 + c7 * a7));
    scoreB += ((c0 * b0 + c1 * b1) + (c2 * b2 + c3 * b3)) + ((c4 * b4 + c5 * b5) + (c6 * b6 + c7 * b7));
    labelA = select(labelA, vec4u(j), scoreA > bestA);
    labelB = select(labelB, vec4u(j), scoreB > bestB);
    bestA = max(bestA, scoreA);
    bestB = max(bestB, scoreB);
  }
  for (var i = 0u; i < min(8u, p.N - point); i++) {
    labels[head * p.N + point + i] = select(labelB[i % 4u], labelA[i % 4u], i < 4u);
  }
}
