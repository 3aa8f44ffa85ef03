// next[n,c] = weighted mean of the weights of row n with code c; shift[n] = how far the row's values moved, squared.
// One row per workgroup. An invocation has four clusters and every P-th weight; the P parts of a cluster are then
// added in order. Sums are taken of distances from the old value. C <= 256.

struct Params { N: u32, K: u32, C: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> w: array<f32>;     // [N,K]
@group(0) @binding(2) var<storage, read> f: array<f32>;     // [N,K]
@group(0) @binding(3) var<storage, read> codes: array<u32>; // [N,K]
@group(0) @binding(4) var<storage, read> book: array<f32>;  // [N,C]
@group(0) @binding(5) var<storage, read_write> next: array<f32>;
@group(0) @binding(6) var<storage, read_write> shift: array<f32>;

const LANES = 64u;
var<workgroup> partialSums: array<vec4f, LANES>;
var<workgroup> partialTotals: array<vec4f, LANES>;
var<workgroup> scratch: array<f32, LANES>; // first the largest f of each lane, then the moves

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * groups.x;
  if (row >= p.N) { return; }
  let begin = row * p.K;
  let end = begin + p.K;

  var largest = 0.0;
  for (var i = begin + lane; i < end; i += LANES) { largest = max(largest, f[i]); }
  scratch[lane] = largest;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) { largest = max(largest, scratch[i]); }
  let equal = largest == 0.0; // nothing counts, so all count alike

  let quads = (p.C + 3u) / 4u;
  let parts = LANES / quads;
  let part = lane / quads; // parts or more: this lane has no weights
  let first = lane % quads * 4u;
  let at = row * p.C + min(first + vec4u(0, 1, 2, 3), vec4u(p.C - 1u));
  let old = vec4f(book[at.x], book[at.y], book[at.z], book[at.w]);
  var sums = vec4f();
  var totals = vec4f();
  if (part < parts) {
    for (var i = begin + part; i < end; i += parts) {
      let count = select(vec4f(), vec4f(select(f[i], 1.0, equal)), first + vec4u(0, 1, 2, 3) == vec4u(codes[i]));
      totals += count;
      sums += count * (w[i] - old);
    }
  }
  partialSums[lane] = sums;
  partialTotals[lane] = totals;
  workgroupBarrier();

  var moved = 0.0;
  if (part == 0u) {
    for (var i = lane + quads; i < parts * quads; i += quads) {
      sums += partialSums[i];
      totals += partialTotals[i];
    }
    let filled = totals > vec4f();
    let moves = select(vec4f(), sums / select(vec4f(1), totals, filled), filled);
    for (var i = 0u; i < 4u && first + i < p.C; i++) {
      next[row * p.C + first + i] = old[i] + moves[i];
      moved += moves[i] * moves[i];
    }
  }
  scratch[lane] = moved;
  workgroupBarrier();
  if (lane == 0u) {
    for (var i = 1u; i < LANES; i++) { moved += scratch[i]; }
    shift[row] = moved;
  }
}
