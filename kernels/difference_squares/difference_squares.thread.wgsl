// s[i] = sum over j of (a[i,j] - b[i,j])^2, one row per invocation, four numbers at a time. A row may begin and end
// inside a vec4.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,N], whole vec4s bound
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [M,N], whole vec4s bound
@group(0) @binding(3) var<storage, read_write> s: array<f32>;

fn square(i: u32) -> vec4f {
  let d = a[i] - b[i];
  return d * d;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= p.M) { return; }
  let begin = row * p.N;
  let end = begin + p.N;
  let first = min((begin + 3u) / 4u * 4u, end); // whole vec4s: from first to last
  let last = max(end / 4u * 4u, first);
  var sums = vec4f();
  var i = first / 4u;
  for (; i + 1u < last / 4u; i += 2u) { sums += square(i) + square(i + 1u); }
  for (; i < last / 4u; i++) { sums += square(i); }
  var sum = sums.x + sums.y + sums.z + sums.w;
  for (i = begin; i < first; i++) { sum += square(i / 4u)[i % 4u]; }
  for (i = last; i < end; i++) { sum += square(i / 4u)[i % 4u]; }
  s[row] = sum;
}
