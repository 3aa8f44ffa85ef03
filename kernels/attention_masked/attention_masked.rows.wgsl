// o = softmax(scale q k^T) v over the pairs that a video mask keeps. The map of tiles says which to skip, which to take
// whole, and in which to ask for every pair; a skipped tile costs one load. Eight rows per invocation, as two groups of
// four, against sixteen keys at a time. The unfinished rows of o live in o itself. D divisible by 4, B by 16.

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

/// Four channels of four rows of each operand, which begin at `at`.
fn queriesOf(at: vec4u, c: u32) -> mat4x4f { return mat4x4f(q[at.x + c], q[at.y + c], q[at.z + c], q[at.w + c]); }
fn keysOf(at: vec4u, c: u32) -> mat4x4f { return mat4x4f(k[at.x + c], k[at.y + c], k[at.z + c], k[at.w + c]); }
fn valuesOf(at: vec4u, c: u32) -> mat4x4f { return mat4x4f(v[at.x + c], v[at.y + c], v[at.z + c], v[at.w + c]); }

/// Four channels of four unfinished rows, faded.
fn faded(at: vec4u, c: u32, fade: vec4f) -> mat4x4f {
  return mat4x4f(o[at.x + c] * fade.x, o[at.y + c] * fade.y, o[at.z + c] * fade.z, o[at.w + c] * fade.w);
}

fn store(at: vec4u, c: u32, rows: mat4x4f) {
  o[at.x + c] = rows[0];
  o[at.y + c] = rows[1];
  o[at.z + c] = rows[2];
  o[at.w + c] = rows[3];
}

/// Four keys against four query rows over four channels: [j] holds key j's products with the rows.
fn products(four: mat4x4f, rows: mat4x4f) -> mat4x4f {
  return mat4x4f(four[0] * rows, four[1] * rows, four[2] * rows, four[3] * rows);
}

fn largest(s: mat4x4f) -> vec4f { return max(max(s[0], s[1]), max(s[2], s[3])); }
fn total(s: mat4x4f) -> vec4f { return (s[0] + s[1]) + (s[2] + s[3]); }

/// Softmax weights before division.
fn weights(s: mat4x4f, top: vec4f) -> mat4x4f {
  return mat4x4f(exp2(s[0] - top), exp2(s[1] - top), exp2(s[2] - top), exp2(s[3] - top));
}

/// Which of sixteen keys each row keeps, as bits: a the first four rows, b the other four.
struct Kept { a: vec4u, b: vec4u }

/// Keys past the end are kept by none.
fn keptOf(rows: array<vec3u, 8>, key: u32) -> Kept {
  var bits = Kept();
  for (var j = 0u; j < min(16u, p.N - key); j++) {
    let place = placeOf(key + j, p.bandOrder);
    let bit = vec4u(1u << j);
    bits.a |= select(vec4u(), bit, vec4<bool>(keeps(rows[0], place), keeps(rows[1], place), keeps(rows[2], place), keeps(rows[3], place)));
    bits.b |= select(vec4u(), bit, vec4<bool>(keeps(rows[4], place), keeps(rows[5], place), keeps(rows[6], place), keeps(rows[7], place)));
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

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let blocks = (p.N + 7u) / 8u;
  let index = id.x + id.y * groups.x * 16u;
  if (index >= p.H * blocks) { return; }
  let head = index / blocks;
  let row = index % blocks * 8u;
  let end = vec4u(p.N - 1u);
  // Rows past the end repeat the last one: they read and write the same numbers.
  let a = (head * p.N + min(row + FOUR, end)) * pitch;
  let b = (head * p.N + min(row + 4u + FOUR, end)) * pitch;
  for (var i = a.x; i < b.w + pitch; i++) { o[i] = vec4f(); }
  var places: array<vec3u, 8>;
  for (var i = 0u; i < 8u; i++) { places[i] = placeOf(min(row + i, p.N - 1u), p.bandOrder); }
  let scale = p.scale * LOG2E; // scores in units of log 2
  let side = (p.N + p.B - 1u) / p.B;
  var topA = vec4f(LOWEST); // running maximum of each row's scores
  var topB = vec4f(LOWEST);
  var sumA = vec4f();       // running sum of its weights
  var sumB = vec4f();
  for (var key = 0u; key < p.N; key += 16u) {
    let state = tiles[row / p.B * side + key / p.B];
    if (state == 0u) {
      key = (key / p.B + 1u) * p.B - 16u; // to the next tile
      continue;
    }
    let k0 = (head * p.N + min(key + FOUR, end)) * pitch;
    let k1 = (head * p.N + min(key + 4u + FOUR, end)) * pitch;
    let k2 = (head * p.N + min(key + 8u + FOUR, end)) * pitch;
    let k3 = (head * p.N + min(key + 12u + FOUR, end)) * pitch;
    // Scores: a of the first four rows, b of the other four; 0 to 3 count keys by four.
    var a0 = mat4x4f();
    var a1 = mat4x4f();
    var a2 = mat4x4f();
    var a3 = mat4x4f();
    var b0 = mat4x4f();
    var b1 = mat4x4f();
    var b2 = mat4x4f();
    var b3 = mat4x4f();
    for (var c = 0u; c < pitch; c++) {
      let qa = queriesOf(a, c);
      let qb = queriesOf(b, c);
      let m0 = keysOf(k0, c);
      a0 += products(m0, qa);
      b0 += products(m0, qb);
      let m1 = keysOf(k1, c);
      a1 += products(m1, qa);
      b1 += products(m1, qb);
      let m2 = keysOf(k2, c);
      a2 += products(m2, qa);
      b2 += products(m2, qb);
      let m3 = keysOf(k3, c);
      a3 += products(m3, qa);
      b3 += products(m3, qb);
    }
    a0 *= scale;
    a1 *= scale;
    a2 *= scale;
    a3 *= scale;
    b0 *= scale;
    b1 *= scale;
    b2 *= scale;
    b3 *= scale;
    if (state == 2u || key + 16u > p.N) {
      var bits = Kept(vec4u((1u << min(16u, p.N - key)) - 1u), vec4u((1u << min(16u, p.N - key)) - 1u));
      if (state == 2u) { bits = keptOf(places, key); }
      a0 = masked(a0, bits.a);
      a1 = masked(a1, bits.a >> vec4u(4));
      a2 = masked(a2, bits.a >> vec4u(8));
      a3 = masked(a3, bits.a >> vec4u(12));
      b0 = masked(b0, bits.b);
      b1 = masked(b1, bits.b >> vec4u(4));
      b2 = masked(b2, bits.b >> vec4u(8));
      b3 = masked(b3, bits.b >> vec4u(12));
    }
    let nextA = max(topA, max(max(largest(a0), largest(a1)), max(largest(a2), largest(a3))));
    let nextB = max(topB, max(max(largest(b0), largest(b1)), max(largest(b2), largest(b3))));
    let fadeA = exp2(topA - nextA);
    let fadeB = exp2(topB - nextB);
    topA = nextA;
    topB = nextB;
    // While nothing is kept, every weight is 0.
    let baseA = max(topA, vec4f(0.5 * LOWEST));
    let baseB = max(topB, vec4f(0.5 * LOWEST));
    a0 = weights(a0, baseA);
    a1 = weights(a1, baseA);
    a2 = weights(a2, baseA);
    a3 = weights(a3, baseA);
    b0 = weights(b0, baseB);
    b1 = weights(b1, baseB);
    b2 = weights(b2, baseB);
    b3 = weights(b3, baseB);
    sumA = sumA * fadeA + ((total(a0) + total(a1)) + (total(a2) + total(a3)));
    sumB = sumB * fadeB + ((total(b0) + total(b1)) + (total(b2) + total(b3)));
    // From now on a column belongs to a row.
    a0 = transpose(a0);
    a1 = transpose(a1);
    a2 = transpose(a2);
    a3 = transpose(a3);
    b0 = transpose(b0);
    b1 = transpose(b1);
    b2 = transpose(b2);
    b3 = transpose(b3);
    for (var c = 0u; c < pitch; c++) {
      var outA = faded(a, c, fadeA);
      var outB = faded(b, c, fadeB);
      let m0 = valuesOf(k0, c);
      outA += m0 * a0;
      outB += m0 * b0;
      let m1 = valuesOf(k1, c);
      outA += m1 * a1;
      outB += m1 * b1;
      let m2 = valuesOf(k2, c);
      outA += m2 * a2;
      outB += m2 * b2;
      let m3 = valuesOf(k3, c);
      outA += m3 * a3;
      outB += m3 * b3;
      store(a, c, outA);
      store(b, c, outB);
    }
  }
  let tops = array<vec4f, 2>(topA, topB);
  let sums = array<vec4f, 2>(sumA, sumB);
  // A row that saw no key is all zeros.
  for (var i = 0u; i < min(8u, p.N - row); i++) {
    let whole = sums[i / 4u][i % 4u];
    let empty = whole == 0.0;
    let divisor = select(whole, 1.0, empty);
    for (var c = 0u; c < pitch; c++) { o[a.x + i * pitch + c] /= divisor; }
    lse[head * p.N + row + i] = select((tops[i / 4u][i % 4u] + log2(divisor)) / LOG2E, LOWEST, empty);
  }
}
