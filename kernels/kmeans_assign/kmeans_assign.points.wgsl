// label[h,n] = the nearest of head h's C centroids; of two equally near, the lower index. Eight points per invocation
// against four centroids at a time, like a matrix product that keeps only where its largest entry lies: the nearest
// centroid has the largest x c^T - |c|^2 / 2. D divisible by 4.

struct Params { H: u32, N: u32, C: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> c: array<vec4f>; // [H,C,D/4]
@group(0) @binding(3) var<storage, read_write> labels: array<u32>; // [H,N]

const LOWEST = vec4f(-3.4028234e38);

/// One centroid against four points over four channels of each.
fn against(centroid: vec4f, points: mat4x4f) -> vec4f { return centroid * points; }

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let eights = (p.N + 7u) / 8u;
  let index = id.x + id.y * groups.x * 32u;
  if (index >= p.H * eights) { return; }
  let head = index / eights;
  let point = index % eights * 8u;
  // Points past the end repeat the last and are not stored.
  let a = (head * p.N + min(point + vec4u(0, 1, 2, 3), vec4u(p.N - 1u))) * pitch;
  let b = (head * p.N + min(point + vec4u(4, 5, 6, 7), vec4u(p.N - 1u))) * pitch;
  var bestA = LOWEST;
  var bestB = LOWEST;
  var labelA = vec4u();
  var labelB = vec4u();
  for (var first = 0u; first < p.C; first += 4u) {
    // Centroids past the end repeat the last: equal is not larger, so they never win.
    let centers = (head * p.C + min(first + vec4u(0, 1, 2, 3), vec4u(p.C - 1u))) * pitch;
    var dotsA = mat4x4f(); // [j]: centroid first + j against points a
    var dotsB = mat4x4f();
    var squares = vec4f();
    for (var i = 0u; i < pitch; i++) {
      let c0 = c[centers.x + i];
      let c1 = c[centers.y + i];
      let c2 = c[centers.z + i];
      let c3 = c[centers.w + i];
      let xa = mat4x4f(x[a.x + i], x[a.y + i], x[a.z + i], x[a.w + i]);
      let xb = mat4x4f(x[b.x + i], x[b.y + i], x[b.z + i], x[b.w + i]);
      dotsA += mat4x4f(against(c0, xa), against(c1, xa), against(c2, xa), against(c3, xa));
      dotsB += mat4x4f(against(c0, xb), against(c1, xb), against(c2, xb), against(c3, xb));
      squares += vec4f(dot(c0, c0), dot(c1, c1), dot(c2, c2), dot(c3, c3));
    }
    for (var j = 0u; j < 4u; j++) {
      let scoreA = dotsA[j] - 0.5 * squares[j];
      let scoreB = dotsB[j] - 0.5 * squares[j];
      labelA = select(labelA, vec4u(first + j), scoreA > bestA);
      labelB = select(labelB, vec4u(first + j), scoreB > bestB);
      bestA = max(bestA, scoreA);
      bestB = max(bestB, scoreB);
    }
  }
  for (var i = 0u; i < min(8u, p.N - point); i++) {
    labels[head * p.N + point + i] = select(labelB[i % 4u], labelA[i % 4u], i < 4u);
  }
}
