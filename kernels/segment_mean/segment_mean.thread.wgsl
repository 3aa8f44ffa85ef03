// next[h,j] = the mean of the points order[h, offsets[h,j] .. offsets[h,j+1]] of head h, the old centroid where there
// are none; shift[h,j] = the squared distance it moved. One centroid per invocation, two vec4 columns at a time. Means
// are of distances from the old centroid: they are small, and lose less to rounding. D divisible by 4.

struct Params { H: u32, N: u32, C: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [H,N,D/4]
@group(0) @binding(2) var<storage, read> order: array<u32>;     // [H,N]
@group(0) @binding(3) var<storage, read> offsets: array<u32>;   // [H,C+1]
@group(0) @binding(4) var<storage, read> centers: array<vec4f>; // [H,C,D/4]
@group(0) @binding(5) var<storage, read_write> next: array<vec4f>; // [H,C,D/4]
@group(0) @binding(6) var<storage, read_write> shift: array<f32>;  // [H,C]

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let index = id.x + id.y * groups.x * 16u;
  if (index >= p.H * p.C) { return; }
  let head = index / p.C;
  let at = index + head; // offsets have one entry more per head
  let begin = min(offsets[at], p.N);
  let end = min(offsets[at + 1u], p.N);
  let count = f32(max(end, begin + 1u) - begin); // of no points the sum is zero, whatever it is divided by
  var moved = 0.0;
  for (var column = 0u; column < pitch; column += 2u) {
    let other = min(column + 1u, pitch - 1u);
    let oldA = centers[index * pitch + column];
    let oldB = centers[index * pitch + other];
    var sumA = vec4f();
    var sumB = vec4f();
    for (var i = begin; i < end; i++) {
      let source = (head * p.N + order[head * p.N + i]) * pitch;
      sumA += x[source + column] - oldA;
      sumB += x[source + other] - oldB;
    }
    let moveA = sumA / count;
    let moveB = sumB / count;
    next[index * pitch + column] = oldA + moveA;
    next[index * pitch + other] = oldB + moveB;
    moved += dot(moveA, moveA) + select(0.0, dot(moveB, moveB), other > column);
  }
  shift[index] = moved;
}
