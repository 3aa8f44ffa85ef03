// o = softmax(scale q k^T) v where a query sees only the keys of the clusters that its own cluster lists. Queries and keys
// lie sorted by cluster. Tiles of 32 rows of one query cluster x 32 keys, filled across the borders of key clusters: each of
// 32 invocations walks the list for one of the keys. Queries and keys pass through workgroup memory 16 channels at a time;
// values are read side by side by invocations that stand side by side. An invocation owns 4x4 scores, 8 apart, and four rows
// of one vec4 column of each eight. D divisible by 4 and at most 128.

struct Params { H: u32, N: u32, M: u32, Cq: u32, Ck: u32, D: u32, scale: f32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> k: array<vec4f>; // [H,M,D/4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [H,M,D/4]
@group(0) @binding(4) var<storage, read> queries: array<u32>; // [H,Cq+1], where each query cluster begins
@group(0) @binding(5) var<storage, read> keys: array<u32>;    // [H,Ck+1], where each key cluster begins
@group(0) @binding(6) var<storage, read> list: array<u32>;    // [H,Cq,Ck], kept key clusters, then Ck
@group(0) @binding(7) var<storage, read_write> o: array<vec4f>; // [H,N,D/4]
@group(0) @binding(8) var<storage, read_write> lse: array<f32>; // [H,N]

const LOG2E = 1.4426950408889634;
const LOWEST = -1e30; // below every score
const SIDE = 32u;     // rows, and keys, of a tile
const WIDE = 4u;      // vec4 columns of a chunk of queries and keys
const PITCH = 5u;     // odd, so that a column lies on different memory banks
const EIGHTS = 4u;    // of vec4 columns of o: 128 channels

var<workgroup> left: array<vec4f, SIDE * PITCH>;  // queries
var<workgroup> right: array<vec4f, SIDE * PITCH>; // keys
var<workgroup> score: array<f32, SIDE * (SIDE + 1u)>; // scores, then weights: [row][key]
var<workgroup> top: array<f32, SIDE>;
var<workgroup> sum: array<f32, SIDE>;
var<workgroup> fade: array<f32, SIDE>;
var<workgroup> found: array<u32, SIDE>; // the keys of the tile, NONE past the last one

const NONE = 0xffffffffu;

/// A block of 32 rows: of which cluster of the head, and where it begins and ends.
struct Block { cluster: u32, row: u32, end: u32 }

/// The first blocks of all clusters come first, so that clusters of at most 32 rows need no search and the rest of the
/// launch is idle. After them place e belongs to the last cluster that begins no later than row 32 e + 31: a cluster of n
/// rows from row r on needs (n - 1) / 32 more blocks, and has the places from r / 32 on to itself.
fn blockOf(head: u32, slot: u32) -> Block {
  let at = head * (p.Cq + 1u);
  var low = slot;
  if (slot >= p.Cq) {
    let place = slot - p.Cq;
    low = 0u;
    var high = p.Cq; // the cluster sought is at least low and below high
    while (high - low > 1u) {
      let middle = (low + high) / 2u;
      let before = queries[at + middle] / 32u <= place;
      low = select(low, middle, before);
      high = select(middle, high, before);
    }
  }
  let begin = queries[at + low];
  let skipped = select(32u * (slot - p.Cq - begin / 32u + 1u), 0u, slot < p.Cq);
  return Block(low, begin + skipped, queries[at + low + 1u]);
}

/// How many keys a query cluster sees; `first` of the list is its first entry.
fn keysSeen(head: u32, first: u32) -> u32 {
  var seen = 0u;
  for (var e = first; e < first + p.Ck && list[e] < p.Ck; e++) {
    let at = head * (p.Ck + 1u) + list[e];
    seen += keys[at + 1u] - keys[at];
  }
  return seen;
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let pitch = p.D / 4u;
  let slots = p.Cq + p.N / SIDE;
  let index = group.x + group.y * groups.x;
  if (index >= p.H * slots) { return; }
  let head = index / slots;
  let mine = blockOf(head, index % slots);
  if (mine.row >= mine.end) { return; }
  let row = mine.row;
  let listed = (head * p.Cq + mine.cluster) * p.Ck;
  let seen = keysSeen(head, listed);
  let x = lane % 8u;
  let y = lane / 8u;
  if (lane < SIDE) {
    top[lane] = LOWEST;
    sum[lane] = 0.0;
  }
  var sums: array<mat4x4f, EIGHTS>; // [e][i]: row y + 8 i, vec4 column x + 8 e
  var entry = listed; // of the list: the next key cluster
  var ahead = lane;   // this invocation's next key; while it is past the cluster's end, by how much
  var stop = 0u;
  for (var done = 0u; done < seen; done += SIDE) {
    workgroupBarrier(); // the keys found before are still being read
    if (lane < SIDE) {
      let some = done + lane < seen;
      while (some && ahead >= stop) {
        let other = head * (p.Ck + 1u) + list[entry];
        entry++;
        ahead += keys[other] - stop;
        stop = keys[other + 1u];
      }
      found[lane] = select(NONE, ahead, some);
      ahead += SIDE;
    }
    var scores = mat4x4f(); // [i][j]: row y + 8 i, key x + 8 j
    for (var c = 0u; c < pitch; c += WIDE) {
      workgroupBarrier();
      for (var i = lane; i < SIDE * WIDE; i += 64u) {
        let at = c + i % WIDE;
        let query = (head * p.N + min(row + i / WIDE, mine.end - 1u)) * pitch + min(at, pitch - 1u);
        let other = (head * p.M + min(found[i / WIDE], p.M - 1u)) * pitch + min(at, pitch - 1u);
        left[i / WIDE * PITCH + i % WIDE] = select(vec4f(), q[query], at < pitch);
        right[i / WIDE * PITCH + i % WIDE] = select(vec4f(), k[other], at < pitch);
      }
      workgroupBarrier();
      for (var l = 0u; l < WIDE; l++) {
        let a = y * PITCH + l;
        let b = x * PITCH + l;
        let others = mat4x4f(right[b], right[b + 8u * PITCH], right[b + 16u * PITCH], right[b + 24u * PITCH]);
        scores += mat4x4f(left[a] * others, left[a + 8u * PITCH] * others, left[a + 16u * PITCH] * others, left[a + 24u * PITCH] * others);
      }
    }
    for (var i = 0u; i < 4u; i++) {
      for (var j = 0u; j < 4u; j++) {
        let real = found[x + 8u * j] != NONE;
        scores[i][j] = select(LOWEST, scores[i][j] * p.scale * LOG2E, real);
        score[(y + 8u * i) * (SIDE + 1u) + x + 8u * j] = scores[i][j];
      }
    }
    workgroupBarrier();
    if (lane < SIDE) {
      var high = top[lane];
      for (var m = 0u; m < SIDE; m++) { high = max(high, score[lane * (SIDE + 1u) + m]); }
      fade[lane] = exp2(top[lane] - high);
      top[lane] = high;
    }
    workgroupBarrier();
    for (var i = 0u; i < 4u; i++) {
      let r = y + 8u * i;
      for (var j = 0u; j < 4u; j++) { score[r * (SIDE + 1u) + x + 8u * j] = exp2(scores[i][j] - top[r]); }
    }
    let fades = vec4f(fade[y], fade[y + 8u], fade[y + 16u], fade[y + 24u]);
    workgroupBarrier();
    for (var e = 0u; e < EIGHTS; e++) {
      if (8u * e < pitch) {
        let column = min(8u * e + x, pitch - 1u);
        var out = mat4x4f(sums[e][0] * fades.x, sums[e][1] * fades.y, sums[e][2] * fades.z, sums[e][3] * fades.w);
        for (var m = 0u; m < SIDE; m++) {
          let value = v[(head * p.M + min(found[m], p.M - 1u)) * pitch + column];
          let at = y * (SIDE + 1u) + m;
          out += mat4x4f(
            score[at] * value,
            score[at + 8u * (SIDE + 1u)] * value,
            score[at + 16u * (SIDE + 1u)] * value,
            score[at + 24u * (SIDE + 1u)] * value,
          );
        }
        sums[e] = out;
      }
    }
    if (lane < SIDE) {
      var more = 0.0;
      for (var m = 0u; m < SIDE; m++) { more += score[lane * (SIDE + 1u) + m]; }
      sum[lane] = sum[lane] * fade[lane] + more;
    }
  }
  workgroupBarrier();
  // A row that saw no key is all zeros.
  for (var e = 0u; e < EIGHTS; e++) {
    let at = 8u * e + x;
    for (var i = 0u; i < 4u; i++) {
      let r = row + y + 8u * i;
      let whole = sum[y + 8u * i];
      if (at < pitch && r < mine.end) { o[(head * p.N + r) * pitch + at] = sums[e][i] / select(whole, 1.0, whole == 0.0); }
    }
  }
  if (lane < SIDE && row + lane < mine.end) {
    let whole = sum[lane];
    lse[head * p.N + row + lane] = select((top[lane] + log2(whole)) / LOG2E, LOWEST, whole == 0.0);
  }
}
