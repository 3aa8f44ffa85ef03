// next[n,c] = weighted mean of the weights of row n with code c; shift[n] = how far the row's values moved, squared.
// One row per invocation, eight clusters at a time. Sums are taken of distances from the old value: they are small
// where the clusters are, and lose less to rounding.

struct Params { N: u32, K: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;     // [N,K]
@group(0) @binding(2) var<storage, read> f: array<f32>;     // [N,K]
@group(0) @binding(3) var<storage, read> codes: array<u32>; // [N,K]
@group(0) @binding(4) var<storage, read> book: array<f32>;  // [N,C]
@group(0) @binding(5) var<storage, read_write> next: array<f32>;
@group(0) @binding(6) var<storage, read_write> shift: array<f32>;

/// Four values of the row from cluster c on; those past the end repeat the last.
fn values(row: u32, c: u32) -> vec4f {
  let at = row * p.C + min(c + vec4u(0, 1, 2, 3), vec4u(p.C - 1u));
  return vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
}

/// Stores four means and returns the sum of their moves, squared.
fn store(row: u32, c: u32, old: vec4f, sums: vec4f, totals: vec4f) -> f32 {
  let filled = totals > vec4f();
  let moves = select(vec4f(), sums / select(vec4f(1), totals, filled), filled);
  var moved = 0.0;
  for (var i = 0u; i < 4u && c + i < p.C; i++) {
    next[row * p.C + c + i] = old[i] + moves[i];
    moved += moves[i] * moves[i];
  }
  return moved;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= p.N) { return; }
  let begin = row * p.K;
  let end = begin + p.K;
  var largest = 0.0;
  for (var i = begin; i < end; i++) { largest = max(largest, f[i]); }
  let equal = largest == 0.0; // nothing counts, so all count alike

  var moved = 0.0;
  for (var c = 0u; c < p.C; c += 8u) {
    let oldA = values(row, c);
    let oldB = values(row, c + 4u);
    let clustersA = c + vec4u(0, 1, 2, 3);
    let clustersB = c + vec4u(4, 5, 6, 7);
    var sumsA = vec4f();
    var sumsB = vec4f();
    var totalsA = vec4f();
    var totalsB = vec4f();
    for (var i = begin; i < end; i++) {
      let weight = w[i];
      let count = select(f[i], 1.0, equal);
      let countA = select(vec4f(), vec4f(count), clustersA == vec4u(codes[i]));
      let countB = select(vec4f(), vec4f(count), clustersB == vec4u(codes[i]));
      totalsA += countA;
      totalsB += countB;
      sumsA += countA * (weight - oldA);
      sumsB += countB * (weight - oldB);
    }
    moved += store(row, c, oldA, sumsA, totalsA);
    moved += store(row, c + 4u, oldB, sumsB, totalsB);
  }
  shift[row] = moved;
}
