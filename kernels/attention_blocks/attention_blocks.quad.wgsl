// o = softmax(scale q k^T) v where a query sees only the keys of the clusters that its own cluster lists. Queries and keys
// lie sorted by cluster. Sixteen rows of one query cluster per workgroup, four of them per invocation, which holds their
// queries and their unfinished outputs in registers. Four keys at a time, filled across the borders of key clusters: each
// invocation of the quad walks the list for one of the four and fetches it, and the quad hands them round. D divisible by 4
// and at most 32.

enable subgroups;

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
const FOUR = vec4u(0, 1, 2, 3);

/// Column i of four query rows, scaled; zero past the last column.
fn queriesOf(rows: vec4u, i: u32) -> mat4x4f {
  let at = rows + min(i, p.D / 4u - 1u);
  return select(0.0, p.scale * LOG2E, i < p.D / 4u) * mat4x4f(q[at.x], q[at.y], q[at.z], q[at.w]);
}

/// What the four invocations of a quad hold.
fn handed(own: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u));
}

/// Four keys against four query rows over four channels: [j] holds key j's products with the rows.
fn products(keys: mat4x4f, rows: mat4x4f) -> mat4x4f {
  return mat4x4f(keys[0] * rows, keys[1] * rows, keys[2] * rows, keys[3] * rows);
}

fn largest(s: mat4x4f) -> vec4f { return max(max(s[0], s[1]), max(s[2], s[3])); }
fn total(s: mat4x4f) -> vec4f { return (s[0] + s[1]) + (s[2] + s[3]); }

/// Softmax weights before division, rows by keys: column r belongs to row r.
fn weights(s: mat4x4f, top: vec4f) -> mat4x4f {
  return transpose(mat4x4f(exp2(s[0] - top), exp2(s[1] - top), exp2(s[2] - top), exp2(s[3] - top)));
}

/// Each row times its own number.
fn scaled(rows: mat4x4f, by: vec4f) -> mat4x4f {
  return mat4x4f(rows[0] * by.x, rows[1] * by.y, rows[2] * by.z, rows[3] * by.w);
}

fn record(rows: vec4u, logs: vec4f) {
  lse[rows.x] = logs.x;
  lse[rows.y] = logs.y;
  lse[rows.z] = logs.z;
  lse[rows.w] = logs.w;
}

/// Column i of four finished rows; rows past the end repeat the last one, with the same numbers.
fn store(rows: vec4u, i: u32, done: mat4x4f) {
  if (i < p.D / 4u) {
    o[rows.x + i] = done[0];
    o[rows.y + i] = done[1];
    o[rows.z + i] = done[2];
    o[rows.w + i] = done[3];
  }
}

/// A query cluster, where it begins and ends, and how many of the head's blocks of sixteen rows lie between its beginning
/// and the block sought.
struct Place { cluster: u32, begin: u32, end: u32, blocks: u32 }

/// The cluster that holds the block `blocks` further on than the beginning of `cluster`; Cq past the last block.
fn walk(head: u32, cluster: u32, blocks: u32) -> Place {
  var place = Place(cluster, 0u, 0u, blocks);
  loop {
    let at = head * (p.Cq + 1u) + place.cluster;
    place.begin = queries[at];
    place.end = queries[at + 1u];
    let has = (place.end - place.begin + 15u) / 16u;
    let here = place.blocks < has;
    place.blocks -= select(has, 0u, here);
    place.cluster += select(1u, 0u, here);
    continuing { break if here || place.cluster == p.Cq; }
  }
  return place;
}

/// How many keys a query cluster sees; `first` of the list is its first entry.
fn keysSeen(head: u32, first: u32) -> u32 {
  var seen = 0u;
  var e = first;
  loop {
    let at = head * (p.Ck + 1u) + list[e];
    let listed = list[e] < p.Ck;
    seen += select(0u, keys[at + 1u] - keys[at], listed);
    e++;
    continuing { break if !listed | (e == first + p.Ck); }
  }
  return seen;
}

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) place: u32,
) {
  let pitch = p.D / 4u;
  let index = group.x + group.y * groups.x;
  let per = (p.N + 15u) / 16u; // workgroups per head; it has at least as many blocks
  if (index >= p.H * per) { return; }
  let head = index / per;
  var block = walk(head, 0u, index % per);
  // Loops end with their test, since software adapters run a loop's body once, masked, before they leave it at its head.
  loop {
    let row = block.begin + 16u * block.blocks + 4u * lane;
    let mine = head * p.N + min(row + FOUR, vec4u(block.end - 1u));
    let rows = mine * pitch;
    let listed = (head * p.Cq + block.cluster) * p.Ck;
    let seen = keysSeen(head, listed);
    // Past the last column the queries are zero, and what is summed there is not stored.
    let c1 = min(1u, pitch - 1u);
    let c2 = min(2u, pitch - 1u);
    let c3 = min(3u, pitch - 1u);
    let c4 = min(4u, pitch - 1u);
    let c5 = min(5u, pitch - 1u);
    let c6 = min(6u, pitch - 1u);
    let c7 = min(7u, pitch - 1u);
    let q0 = queriesOf(rows, 0u);
    let q1 = queriesOf(rows, 1u);
    let q2 = queriesOf(rows, 2u);
    let q3 = queriesOf(rows, 3u);
    let q4 = queriesOf(rows, 4u);
    let q5 = queriesOf(rows, 5u);
    let q6 = queriesOf(rows, 6u);
    let q7 = queriesOf(rows, 7u);
    var o0 = mat4x4f();
    var o1 = mat4x4f();
    var o2 = mat4x4f();
    var o3 = mat4x4f();
    var o4 = mat4x4f();
    var o5 = mat4x4f();
    var o6 = mat4x4f();
    var o7 = mat4x4f();
    var top = vec4f(LOWEST); // running maximum of each row's scores, in units of log 2
    var sum = vec4f();       // running sum of its weights
    var entry = listed;      // of the list: the next key cluster
    var ahead = place & 3u;  // this invocation's next key; while it is past the cluster's end, by how much
    var stop = 0u;
    var done = 0u;
    loop {
      let found = done + (place & 3u) < seen;
      loop {
        let due = found & (ahead >= stop);
        let other = head * (p.Ck + 1u) + list[entry];
        entry += select(0u, 1u, due);
        ahead += select(0u, keys[other] - stop, due);
        stop = select(stop, keys[other + 1u], due);
        continuing { break if !found | (ahead < stop); }
      }
      // Past the last key seen there is one more or less, which counts for nothing.
      let at = (head * p.M + min(ahead, p.M - 1u)) * pitch;
      let none = select(LOWEST, 0.0, found);
      ahead += 4u;
      let k0 = handed(k[at]);
      let k1 = handed(k[at + c1]);
      let k2 = handed(k[at + c2]);
      let k3 = handed(k[at + c3]);
      let k4 = handed(k[at + c4]);
      let k5 = handed(k[at + c5]);
      let k6 = handed(k[at + c6]);
      let k7 = handed(k[at + c7]);
      let scores = ((products(k0, q0) + products(k1, q1)) + (products(k2, q2) + products(k3, q3))) +
        ((products(k4, q4) + products(k5, q5)) + (products(k6, q6) + products(k7, q7)));
      let s = mat4x4f(
        scores[0] + quadBroadcast(none, 0u),
        scores[1] + quadBroadcast(none, 1u),
        scores[2] + quadBroadcast(none, 2u),
        scores[3] + quadBroadcast(none, 3u),
      );
      let next = max(top, largest(s));
      let fade = exp2(top - next);
      top = next;
      let w = weights(s, next);
      sum = sum * fade + vec4f(1) * w;
      o0 = scaled(o0, fade) + handed(v[at]) * w;
      o1 = scaled(o1, fade) + handed(v[at + c1]) * w;
      o2 = scaled(o2, fade) + handed(v[at + c2]) * w;
      o3 = scaled(o3, fade) + handed(v[at + c3]) * w;
      o4 = scaled(o4, fade) + handed(v[at + c4]) * w;
      o5 = scaled(o5, fade) + handed(v[at + c5]) * w;
      o6 = scaled(o6, fade) + handed(v[at + c6]) * w;
      o7 = scaled(o7, fade) + handed(v[at + c7]) * w;
      done += 4u;
      continuing { break if done >= seen; }
    }
    if (row < block.end) {
      // Rows that see no key are all zeros.
      let over = select(1.0 / sum, vec4f(), seen == 0u);
      store(rows, 0u, scaled(o0, over));
      store(rows, 1u, scaled(o1, over));
      store(rows, 2u, scaled(o2, over));
      store(rows, 3u, scaled(o3, over));
      store(rows, 4u, scaled(o4, over));
      store(rows, 5u, scaled(o5, over));
      store(rows, 6u, scaled(o6, over));
      store(rows, 7u, scaled(o7, over));
      record(mine, select((top + log2(sum)) / LOG2E, vec4f(LOWEST), seen == 0u));
    }
    block = walk(head, block.cluster, block.blocks + per);
    continuing { break if block.cluster == p.Cq; }
  }
}
