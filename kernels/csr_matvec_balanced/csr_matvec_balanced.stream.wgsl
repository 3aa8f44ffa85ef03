// Each invocation sums ceil(Z/S) nonzeros, at most ten: first what its share has of a row that began before (the
// carry), then the rows that begin in it. The shares of a workgroup lie side by side: it reads them together, and
// the products wait in workgroup memory.

struct Params { N: u32, Z: u32, S: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rowptr: array<u32>; // [N+1]
@group(0) @binding(2) var<storage, read> cols: array<u32>;   // [Z]
@group(0) @binding(3) var<storage, read> values: array<f32>; // [Z]
@group(0) @binding(4) var<storage, read> x: array<f32>;      // [K]
@group(0) @binding(5) var<storage, read> starts: array<u32>; // [S] first row that begins in the share
@group(0) @binding(6) var<storage, read_write> partial: array<f32>; // [N]
@group(0) @binding(7) var<storage, read_write> carries: array<f32>; // [S]

var<workgroup> products: array<f32, 1280>;

@compute @workgroup_size(128)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.x + group.y * groups.x) * 128u;
  if (first >= p.S) { return; }
  let share = (p.Z + p.S - 1u) / p.S;
  let base = min(first * share, p.Z);
  for (var i = lane; i < min(128u * share, p.Z - base); i += 128u) {
    products[i] = values[base + i] * x[cols[base + i]];
  }
  workgroupBarrier();
  let t = first + lane;
  if (t >= p.S) { return; }
  var i = min(t * share, p.Z);
  let end = min(i + share, p.Z);
  var row = starts[t];
  var last = p.N;
  if (t + 1u < p.S) { last = starts[t + 1u]; }

  var sum = 0.0;
  for (let stop = min(end, rowptr[row]); i < stop; i++) { sum += products[i - base]; }
  carries[t] = sum;
  for (; row < last; row++) {
    sum = 0.0;
    for (let stop = min(end, rowptr[row + 1u]); i < stop; i++) { sum += products[i - base]; }
    partial[row] = sum;
  }
}
