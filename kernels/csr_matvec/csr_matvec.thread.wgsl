// y[n] = sum of values[i] x[cols[i]] over row n, one row per invocation.

struct Params { N: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rowptr: array<u32>; // [N+1]
@group(0) @binding(2) var<storage, read> cols: array<u32>;   // [Z]
@group(0) @binding(3) var<storage, read> values: array<f32>; // [Z]
@group(0) @binding(4) var<storage, read> x: array<f32>;      // [K]
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= p.N) { return; }
  var sum = 0.0;
  for (var i = rowptr[row]; i < rowptr[row + 1u]; i++) {
    sum += values[i] * x[cols[i]];
  }
  y[row] = sum;
}
