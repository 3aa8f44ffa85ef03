// label[h,n] = the nearest of head h's C centroids; of two equally near, the lower index. Eight points per invocation, held
// whole in registers while the centroids pass by, four at a time: each invocation of a quad fetches one, and the quad hands
// them round. The nearest centroid has the largest x c^T - |c|^2 / 2. D divisible by 4 and at most 32.

enable subgroups;

struct Params { H: u32, N: u32, C: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> c: array<vec4f>; // [H,C,D/4]
@group(0) @binding(3) var<storage, read_write> labels: array<u32>; // [H,N]

const LOWEST = vec4f(-3.4028234e38);
const FOUR = vec4u(0, 1, 2, 3);

/// Column i of four points; zero past the last column.
fn column(points: vec4u, i: u32) -> mat4x4f {
  let at = points * (p.D / 4u) + min(i, p.D / 4u - 1u);
  return select(0.0, 1.0, i < p.D / 4u) * mat4x4f(x[at.x], x[at.y], x[at.z], x[at.w]);
}

/// Column i of the centroid that begins at `at`; past the last column the points are zero.
fn center(at: u32, i: u32) -> vec4f { return select(vec4f(), c[at + min(i, p.D / 4u - 1u)], i < p.D / 4u); }

/// What the four invocations of a quad hold.
fn handed(own: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u));
}

/// Four centroids against four points over four channels: [j] holds centroid j's products with the points.
fn products(centers: mat4x4f, points: mat4x4f) -> mat4x4f {
  return mat4x4f(centers[0] * points, centers[1] * points, centers[2] * points, centers[3] * points);
}

/// The nearest centroid so far of four points: its score and its index.
struct Nearest { score: vec4f, label: vec4u }

fn nearer(so: Nearest, score: vec4f, label: u32) -> Nearest {
  return Nearest(max(so.score, score), select(so.label, vec4u(label), score > so.score));
}

/// Four more centroids, from j on; equal is not nearer, so the lower index stays.
fn compared(so: Nearest, dots: mat4x4f, halves: vec4f, j: u32) -> Nearest {
  let two = nearer(nearer(so, dots[0] - halves.x, j), dots[1] - halves.y, j + 1u);
  return nearer(nearer(two, dots[2] - halves.z, j + 2u), dots[3] - halves.w, j + 3u);
}

@compute @workgroup_size(16)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) place: u32,
) {
  let pitch = p.D / 4u;
  let tiles = (p.N + 127u) / 128u;
  let index = group.x + group.y * groups.x;
  if (index >= p.H * tiles) { return; }
  let head = index / tiles;
  let point = (index % tiles * 16u + lane) * 8u;
  let first = head * p.N + min(point + FOUR, vec4u(p.N - 1u));
  let second = head * p.N + min(point + 4u + FOUR, vec4u(p.N - 1u));
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
  var bestA = Nearest(LOWEST, vec4u());
  var bestB = bestA;
  for (var j = 0u; j < p.C; j += 4u) {
    // Centroids past the end repeat the last: equal is not larger, so they never win.
    let at = (head * p.C + min(j + (place & 3u), p.C - 1u)) * pitch;
    let c0 = center(at, 0u);
    let c1 = center(at, 1u);
    let c2 = center(at, 2u);
    let c3 = center(at, 3u);
    let c4 = center(at, 4u);
    let c5 = center(at, 5u);
    let c6 = center(at, 6u);
    let c7 = center(at, 7u);
    let half = 0.5 *
      (((dot(c0, c0) + dot(c1, c1)) + (dot(c2, c2) + dot(c3, c3))) +
      ((dot(c4, c4) + dot(c5, c5)) + (dot(c6, c6) + dot(c7, c7))));
    let halves = vec4f(quadBroadcast(half, 0u), quadBroadcast(half, 1u), quadBroadcast(half, 2u), quadBroadcast(half, 3u));
    let m0 = handed(c0);
    let m1 = handed(c1);
    let m2 = handed(c2);
    let m3 = handed(c3);
    let m4 = handed(c4);
    let m5 = handed(c5);
    let m6 = handed(c6);
    let m7 = handed(c7);
    let dotsA = ((products(m0, a0) + products(m1, a1)) + (products(m2, a2) + products(m3, a3))) +
      ((products(m4, a4) + products(m5, a5)) + (products(m6, a6) + products(m7, a7)));
    let dotsB = ((products(m0, b0) + products(m1, b1)) + (products(m2, b2) + products(m3, b3))) +
      ((products(m4, b4) + products(m5, b5)) + (products(m6, b6) + products(m7, b7)));
    bestA = compared(bestA, dotsA, halves, j);
    bestB = compared(bestB, dotsB, halves, j);
  }
  if (point >= p.N) { return; }
  // Points past the end repeat the last one, with the same label.
  labels[first.x] = bestA.label.x;
  labels[first.y] = bestA.label.y;
  labels[first.z] = bestA.label.z;
  labels[first.w] = bestA.label.w;
  labels[second.x] = bestB.label.x;
  labels[second.y] = bestB.label.y;
  labels[second.z] = bestB.label.z;
  labels[second.w] = bestB.label.w;
}
