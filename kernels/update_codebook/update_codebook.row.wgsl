// next[n,c] = weighted mean of the weights of row n with code c; shift[n] = how far the row's values moved, squared.
// One row per invocation, which adds each weight to its cluster's sums. Sums are taken of distances from the old value:
// they are small where the clusters are, and lose less to rounding. C <= 256.

struct Params { N: u32, K: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;     // [N,K]
@group(0) @binding(2) var<storage, read> f: array<f32>;     // [N,K]
@group(0) @binding(3) var<storage, read> codes: array<u32>; // [N,K]
@group(0) @binding(4) var<storage, read> book: array<f32>;  // [N,C]
@group(0) @binding(5) var<storage, read_write> next: array<f32>;
@group(0) @binding(6) var<storage, read_write> shift: array<f32>;

var<private> sums: array<f32, 256>; // of f (w - old), by cluster
var<private> totals: array<f32, 256>; // of f

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 32u;
  if (row >= p.N) { return; }
  let begin = row * p.K;
  let end = begin + p.K;
  let books = row * p.C;
  for (var turn = 0u; turn < 2u; turn++) { // a second where nothing counts, so that all count alike
    var largest = 0.0;
    for (var i = begin; i < end; i++) {
      let code = codes[i];
      let count = select(f[i], 1.0, turn == 1u);
      largest = max(largest, count);
      totals[code] += count;
      sums[code] += count * (w[i] - book[books + code]);
    }
    if (largest > 0.0) { break; }
  }
  var moved = 0.0;
  for (var c = 0u; c < p.C; c++) {
    let total = totals[c];
    let step = select(0.0, sums[c] / select(1.0, total, total > 0.0), total > 0.0);
    next[books + c] = book[books + c] + step;
    moved += step * step;
  }
  shift[row] = moved;
}
