// B = transpose(A), one 4x4 block per invocation: four vectors in, the same matrix turned, four vectors
// out. Needs M and N divisible by 4.

struct Params { M: u32, N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [M,N/4]
@group(0) @binding(2) var<storage, read_write> b: array<vec4f>; // [N,M/4]

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let rows = p.M / 4u; // in vectors of four
  let cols = p.N / 4u;
  if (id.x >= cols || id.y >= rows) { return; }
  let source = 4u * id.y * cols + id.x;
  let block = transpose(mat4x4f(a[source], a[source + cols], a[source + 2u * cols], a[source + 3u * cols]));
  let sink = 4u * id.x * rows + id.y;
  b[sink] = block[0];
  b[sink + rows] = block[1];
  b[sink + 2u * rows] = block[2];
  b[sink + 3u * rows] = block[3];
}
