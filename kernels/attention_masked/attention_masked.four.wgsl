// o = softmax(scale q k^T) v over the pairs that a video mask keeps. The map of tiles says which to skip, which to take
// whole, and in which to ask for every pair; a skipped tile costs one load. Four rows per invocation against sixteen
// keys at a time. The unfinished rows of o live in o itself. D divisible by 4, B by 16.

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

/// Four keys against four query rows over four channels: [j] holds key j's products with the rows.
fn products(keys: mat4x4f, rows: mat4x4f) -> mat4x4f {
  return mat4x4f(keys[0] * rows, keys[1] * rows, keys[2] * rows, keys[3] * rows);
}

fn largest(s: mat4x4f) -> vec4f { return max(max(s[0], s[1]), max(s[2], s[3])); }
fn total(s: mat4x4f) -> vec4f { return (s[0] + s[1]) + (s[2] + s[3]); }

/// Which of sixteen keys each row keeps, as bits. Keys past the end are none.
fn keptOf(rows: array<vec3u, 4>, key: u32) -> vec4u {
  var bits = vec4u();
  for (var j = 0u; j < min(16u, p.N - key); j++) {
    let place = placeOf(key + j, p.bandOrder);
    let kept = vec4<bool>(keeps(rows[0], place), keeps(rows[1], place), keeps(rows[2], place), keeps(rows[3], place));
    bits |= select(vec4u(), vec4u(1u << j), kept);
  }
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

/// Softmax weights before division, rows by keys: column r belongs to row r.
fn weights(s: mat4x4f, top: vec4f) -> mat4x4f {
  return mat4x4f(exp2(s[0] - top), exp2(s[1] - top), exp2(s[2] - top), exp2(s[3] - top));
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let blocks = (p.N + 3u) / 4u;
  let index = id.x + id.y * groups.x * 32u;
  if (index >= p.H * blocks) { return; }
  let head = index / blocks;
  let row = index % blocks * 4u;
  let last = vec4u(p.N - 1u);
  let tokens = min(row + vec4u(0, 1, 2, 3), last);
  // Rows past the end repeat the last one: they read and write the same numbers.
  let rows = (head * p.N + tokens) * pitch;
  for (var c = 0u; c < pitch; c++) {
    o[rows.x + c] = vec4f();
    o[rows.y + c] = vec4f();
    o[rows.z + c] = vec4f();
    o[rows.w + c] = vec4f();
  }
  let places = array<vec3u, 4>(placeOf(tokens.x, p.bandOrder), placeOf(tokens.y, p.bandOrder), placeOf(tokens.z, p.bandOrder), placeOf(tokens.w, p.bandOrder));
  let first = head * p.N;
  let scale = p.scale * LOG2E;
  let side = (p.N + p.B - 1u) / p.B;
  var top = vec4f(LOWEST); // running maximum of each row's scores
  var sum = vec4f();       // running sum of its weights
  for (var key = 0u; key < p.N; key += 16u) {
    let state = tiles[row / p.B * side + key / p.B];
    if (state == 0u) {
      key = (key / p.B + 1u) * p.B - 16u; // to the next tile
      continue;
    }
    let k0 = (first + min(key + vec4u(0, 1, 2, 3), last)) * pitch;
    let k1 = (first + min(key + vec4u(4, 5, 6, 7), last)) * pitch;
    let k2 = (first + min(key + vec4u(8, 9, 10, 11), last)) * pitch;
    let k3 = (first + min(key + vec4u(12, 13, 14, 15), last)) * pitch;
    var s0 = mat4x4f();
    var s1 = mat4x4f();
    var s2 = mat4x4f();
    var s3 = mat4x4f();
    for (var c = 0u; c < pitch; c++) {
      let queries = mat4x4f(q[rows.x + c], q[rows.y + c], q[rows.z + c], q[rows.w + c]);
      s0 += products(mat4x4f(k[k0.x + c], k[k0.y + c], k[k0.z + c], k[k0.w + c]), queries);
      s1 += products(mat4x4f(k[k1.x + c], k[k1.y + c], k[k1.z + c], k[k1.w + c]), queries);
      s2 += products(mat4x4f(k[k2.x + c], k[k2.y + c], k[k2.z + c], k[k2.w + c]), queries);
      s3 += products(mat4x4f(k[k3.x + c], k[k3.y + c], k[k3.z + c], k[k3.w + c]), queries);
    }
    s0 *= scale;
    s1 *= scale;
    s2 *= scale;
    s3 *= scale;
    if (state == 2u || key + 16u > p.N) {
      var bits = vec4u((1u << min(16u, p.N - key)) - 1u);
      if (state == 2u) { bits = keptOf(places, key); }
      s0 = masked(s0, bits);
      s1 = masked(s1, bits >> vec4u(4));
      s2 = masked(s2, bits >> vec4u(8));
      s3 = masked(s3, bits >> vec4u(12));
    }
    let next = max(top, max(max(largest(s0), largest(s1)), max(largest(s2), largest(s3))));
    let fade = exp2(top - next);
    top = next;
    let base = max(top, vec4f(0.5 * LOWEST)); // while nothing is kept, every weight is 0
    s0 = weights(s0, base);
    s1 = weights(s1, base);
    s2 = weights(s2, base);
    s3 = weights(s3, base);
    sum = sum * fade + ((total(s0) + total(s1)) + (total(s2) + total(s3)));
    s0 = transpose(s0);
    s1 = transpose(s1);
    s2 = transpose(s2);
    s3 = transpose(s3);
    for (var c = 0u; c < pitch; c++) {
      var out = mat4x4f(o[rows.x + c] * fade.x, o[rows.y + c] * fade.y, o[rows.z + c] * fade.z, o[rows.w + c] * fade.w);
      out += mat4x4f(v[k0.x + c], v[k0.y + c], v[k0.z + c], v[k0.w + c]) * s0;
      out += mat4x4f(v[k1.x + c], v[k1.y + c], v[k1.z + c], v[k1.w + c]) * s1;
      out += mat4x4f(v[k2.x + c], v[k2.y + c], v[k2.z + c], v[k2.w + c]) * s2;
      out += mat4x4f(v[k3.x + c], v[k3.y + c], v[k3.z + c], v[k3.w + c]) * s3;
      o[rows.x + c] = out[0];
      o[rows.y + c] = out[1];
      o[rows.z + c] = out[2];
      o[rows.w + c] = out[3];
    }
  }
  // A row that saw no key is all zeros.
  let empty = sum == vec4f();
  let divisor = select(sum, vec4f(1), empty);
  for (var c = 0u; c < pitch; c++) {
    let out = mat4x4f(o[rows.x + c] / divisor.x, o[rows.y + c] / divisor.y, o[rows.z + c] / divisor.z, o[rows.w + c] / divisor.w);
    o[rows.x + c] = out[0];
    o[rows.y + c] = out[1];
    o[rows.z + c] = out[2];
    o[rows.w + c] = out[3];
  }
  for (var i = 0u; i < min(4u, p.N - row); i++) {
    lse[head * p.N + row + i] = select((top[i] + log2(divisor[i])) / LOG2E, LOWEST, empty[i]);
  }
}
