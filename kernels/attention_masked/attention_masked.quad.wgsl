// o = softmax(scale q k^T) v over the pairs that a video mask keeps. The map of tiles says which to skip, which to take
// whole, and in which to ask for every pair; a skipped tile costs one load. Sixteen query rows per workgroup, four of them
// per invocation, which holds their queries and their unfinished outputs in registers. Four keys at a time: each invocation
// of the quad fetches one, and the quad hands them round. D divisible by 4 and at most 32, B by 16.

enable subgroups;

struct Params {
  H: u32, N: u32, D: u32, F: u32, P: u32, B: u32,
  scale: f32, prompt: u32, textFirst: u32, band: u32, block: u32, order: u32, bandOrder: u32, sink: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> k: array<vec4f>; // [H,N,D/4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [H,N,D/4]
@group(0) @binding(4) var<storage, read> tiles: array<u32>; // [ceil(N/B),ceil(N/B)]: 0 skipped, 1 full, 2 partial
@group(0) @binding(5) var<storage, read_write> o: array<vec4f>; // [H,N,D/4]
@group(0) @binding(6) var<storage, read_write> lse: array<f32>; // [H,N]

const LOG2E = 1.4426950408889634;
const LOWEST = -1e30; // below every score
const FOUR = vec4u(0, 1, 2, 3);

/// Where a token stands: x is 0 for video, 1 for the prompt, 2 for padding; y its place along the band, in blocks; z is 1
/// for a sink, which every video query sees. The band runs over places frame by frame, or position by position.
fn placeOf(token: u32, bandOrder: u32) -> vec3u {
  let video = p.F * p.P;
  let first = select(0u, p.N - video, p.textFirst != 0u);
  if (token < first || token >= first + video) {
    let text = select(token - video, token, p.textFirst != 0u);
    return vec3u(select(2u, 1u, text < p.prompt), 0u, 0u);
  }
  let i = token - first;
  let frame = select(i / p.P, i % p.F, p.order != 0u);
  let position = select(i % p.P, i / p.F, p.order != 0u);
  let at = select(frame * p.P + position, position * p.F + frame, bandOrder != 0u);
  let sink = (p.sink == 1u && at < p.P) || (p.sink == 2u && frame == 0u);
  return vec3u(0u, at / p.block, select(0u, 1u, sink));
}

/// Padding sees padding, the prompt sees and is seen by all the rest, video sees the band and the sink.
fn keeps(query: vec3u, key: vec3u) -> bool {
  let kind = max(query.x, key.x);
  let near = max(query.y, key.y) - min(query.y, key.y) < p.band;
  return select(kind == 1u || near || key.z == 1u, query.x == key.x, kind == 2u);
}

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
  if (i >= p.D / 4u) { return; }
  o[rows.x + i] = done[0];
  o[rows.y + i] = done[1];
  o[rows.z + i] = done[2];
  o[rows.w + i] = done[3];
}

/// Which of four keys each row keeps, as bits; `key` is where this invocation's own key stands.
fn keptOf(rows: array<vec3u, 4>, key: vec3u) -> vec4u {
  let keys = array<vec3u, 4>(quadBroadcast(key, 0u), quadBroadcast(key, 1u), quadBroadcast(key, 2u), quadBroadcast(key, 3u));
  var bits = vec4u();
  bits |= select(vec4u(), vec4u(1), vec4<bool>(keeps(rows[0], keys[0]), keeps(rows[1], keys[0]), keeps(rows[2], keys[0]), keeps(rows[3], keys[0])));
  bits |= select(vec4u(), vec4u(2), vec4<bool>(keeps(rows[0], keys[1]), keeps(rows[1], keys[1]), keeps(rows[2], keys[1]), keeps(rows[3], keys[1])));
  bits |= select(vec4u(), vec4u(4), vec4<bool>(keeps(rows[0], keys[2]), keeps(rows[1], keys[2]), keeps(rows[2], keys[2]), keeps(rows[3], keys[2])));
  bits |= select(vec4u(), vec4u(8), vec4<bool>(keeps(rows[0], keys[3]), keeps(rows[1], keys[3]), keeps(rows[2], keys[3]), keeps(rows[3], keys[3])));
  return bits;
}

/// Keys whose bit is not set get the lowest score.
fn masked(s: mat4x4f, bits: vec4u) -> mat4x4f {
  let low = vec4f(LOWEST);
  return mat4x4f(
    select(low, s[0], (bits & vec4u(1)) != vec4u()),
    select(low, s[1], (bits & vec4u(2)) != vec4u()),
    select(low, s[2], (bits & vec4u(4)) != vec4u()),
    select(low, s[3], (bits & vec4u(8)) != vec4u()),
  );
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
  let blocks = (p.N + 15u) / 16u;
  if (index >= p.H * blocks) { return; }
  let head = index / blocks;
  let first = index % blocks * 16u; // sixteen rows lie in one row of tiles
  let row = first + 4u * lane;
  let end = p.N - 1u;
  let mine = min(row + FOUR, vec4u(end));
  let rows = (head * p.N + mine) * pitch;
  let places = array<vec3u, 4>(placeOf(mine.x, p.bandOrder), placeOf(mine.y, p.bandOrder), placeOf(mine.z, p.bandOrder), placeOf(mine.w, p.bandOrder));
  let side = (p.N + p.B - 1u) / p.B;
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
  for (var tile = 0u; tile < side; tile++) {
    let state = tiles[first / p.B * side + tile];
    let stop = select(min(p.N, (tile + 1u) * p.B), 0u, state == 0u);
    for (var key = tile * p.B; key < stop; key += 4u) {
      let token = min(key + (place & 3u), end);
      let at = (head * p.N + token) * pitch;
      var bits = vec4u((1u << min(4u, p.N - key)) - 1u);
      // A loop of one turn: on software adapters its body, unlike an if's, is skipped where it is not due.
      for (var ask = state == 2u; ask; ask = false) { bits &= keptOf(places, placeOf(token, p.bandOrder)); }
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
      let s = masked(scores, bits);
      let next = max(top, largest(s));
      let fade = exp2(top - next);
      top = next;
      let w = weights(s, max(next, vec4f(0.5 * LOWEST)));
      sum = sum * fade + vec4f(1) * w;
      o0 = scaled(o0, fade) + handed(v[at]) * w;
      o1 = scaled(o1, fade) + handed(v[at + c1]) * w;
      o2 = scaled(o2, fade) + handed(v[at + c2]) * w;
      o3 = scaled(o3, fade) + handed(v[at + c3]) * w;
      o4 = scaled(o4, fade) + handed(v[at + c4]) * w;
      o5 = scaled(o5, fade) + handed(v[at + c5]) * w;
      o6 = scaled(o6, fade) + handed(v[at + c6]) * w;
      o7 = scaled(o7, fade) + handed(v[at + c7]) * w;
    }
  }
  if (row >= p.N) { return; }
  // A row that saw no key is all zeros.
  let empty = sum == vec4f();
  let over = 1.0 / select(sum, vec4f(1), empty);
  store(rows, 0u, scaled(o0, over));
  store(rows, 1u, scaled(o1, over));
  store(rows, 2u, scaled(o2, over));
  store(rows, 3u, scaled(o3, over));
  store(rows, 4u, scaled(o4, over));
  store(rows, 5u, scaled(o5, over));
  store(rows, 6u, scaled(o6, over));
  store(rows, 7u, scaled(o7, over));
  record(head * p.N + mine, select((top + log2(sum)) / LOG2E, vec4f(LOWEST), empty));
}
