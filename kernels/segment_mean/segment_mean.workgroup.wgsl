// next[h,j] = the mean of the points order[h, offsets[h,j] .. offsets[h,j+1]] of head h, the old centroid where there
// are none; shift[h,j] = the squared distance it moved. One centroid per workgroup: eight invocations share a vec4
// column, and their parts are added in order. Means are of distances from the old centroid. D divisible by 4.

struct Params { H: u32, N: u32, C: u32, D: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;       // [H,N,D/4]
@group(0) @binding(2) var<storage, read> order: array<u32>;     // [H,N]
@group(0) @binding(3) var<storage, read> offsets: array<u32>;   // [H,C+1]
@group(0) @binding(4) var<storage, read> centers: array<vec4f>; // [H,C,D/4]
@group(0) @binding(5) var<storage, read_write> next: array<vec4f>; // [H,C,D/4]
@group(0) @binding(6) var<storage, read_write> shift: array<f32>;  // [H,C]

const WIDE = 8u;  // vec4 columns at a time
const PARTS = 8u; // invocations per column
var<workgroup> partial: array<vec4f, WIDE * PARTS>;
var<workgroup> moves: array<f32, WIDE>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let pitch = p.D / 4u;
  let index = group.x + group.y * groups.x;
  if (index >= p.H * p.C) { return; }
  let head = index / p.C;
  let at = index + head; // offsets have one entry more per head
  let begin = min(offsets[at], p.N);
  let end = min(offsets[at + 1u], p.N);
  let count = f32(max(end, begin + 1u) - begin); // of no points the sum is zero, whatever it is divided by
  let part = lane / WIDE;
  var moved = 0.0;
  for (var first = 0u; first < pitch; first += WIDE) {
    let column = first + lane % WIDE;
    let source = min(column, pitch - 1u);
    let old = centers[index * pitch + source];
    var sum = vec4f();
    for (var i = begin + part; i < end; i += PARTS) {
      sum += x[(head * p.N + order[head * p.N + i]) * pitch + source] - old;
    }
    partial[lane] = sum;
    workgroupBarrier();
    if (part == 0u && column < pitch) {
      for (var i = 1u; i < PARTS; i++) { sum += partial[lane + i * WIDE]; }
      let step = sum / count;
      next[index * pitch + column] = old + step;
      moved += dot(step, step);
    }
    workgroupBarrier();
  }
  if (lane < WIDE) { moves[lane] = moved; }
  workgroupBarrier();
  if (lane == 0u) {
    var whole = 0.0;
    for (var i = 0u; i < WIDE; i++) { whole += moves[i]; }
    shift[index] = whole;
  }
}
