// o = softmax(scale q k^T) v where a query sees only the keys of the clusters that its own cluster lists. Queries and keys
// lie sorted by cluster. Eight rows of one query cluster per invocation, as two groups of four; sixteen keys at a time,
// filled across the borders of key clusters, so that small clusters waste no lane. The unfinished rows of o live in o
// itself. D divisible by 4.

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

/// Places past the last key found get the lowest score.
fn found(s: mat4x4f, place: u32, count: u32) -> mat4x4f {
  let low = vec4f(LOWEST);
  return mat4x4f(
    select(low, s[0], place < count),
    select(low, s[1], place + 1u < count),
    select(low, s[2], place + 2u < count),
    select(low, s[3], place + 3u < count),
  );
}

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let most = (p.N + 7u * p.Cq) / 8u; // groups of eight rows in a head, at most
  let index = id.x + id.y * groups.x * 16u;
  if (index >= p.H * most) { return; }
  let head = index / most;
  // Which query cluster holds this group, and which of its rows.
  var group = index % most;
  var cluster = head * p.Cq;
  var row = 0u;
  var end = 0u;
  for (var i = 0u; i < p.Cq; i++) {
    row = queries[head * (p.Cq + 1u) + i];
    end = queries[head * (p.Cq + 1u) + i + 1u];
    let inside = (end - row + 7u) / 8u;
    cluster = head * p.Cq + i;
    if (group < inside) { break; }
    group -= inside;
    row = end; // past the last cluster there is no work: another invocation has its rows
  }
  row += 8u * group;
  if (row >= end) { return; }
  // Rows past the cluster's end repeat its last one: they read and write the same numbers.
  let a = (head * p.N + min(row + FOUR, vec4u(end - 1u))) * pitch;
  let b = (head * p.N + min(row + 4u + FOUR, vec4u(end - 1u))) * pitch;
  for (var i = a.x; i < b.w + pitch; i++) { o[i] = vec4f(); }
  let first = head * p.M;
  let scale = p.scale * LOG2E; // scores in units of log 2
  var topA = vec4f(LOWEST); // running maximum of each row's scores
  var topB = vec4f(LOWEST);
  var sumA = vec4f();       // running sum of its weights
  var sumB = vec4f();
  var entry = 0u; // of the list: the next key cluster
  var ahead = 0u; // the next key of the present one
  var stop = 0u;
  loop {
    var k0 = ahead + FOUR;
    var k1 = ahead + 4u + FOUR;
    var k2 = ahead + 8u + FOUR;
    var k3 = ahead + 12u + FOUR;
    var count = 16u;
    if (stop - ahead >= 16u) {
      ahead += 16u;
    } else {
      var at: array<u32, 16>;
      count = 0u;
      for (var i = 0u; i < 16u; i++) {
        while (ahead >= stop && entry < p.Ck) {
          let other = list[cluster * p.Ck + entry];
          entry = select(p.Ck, entry + 1u, other < p.Ck);
          ahead = keys[head * (p.Ck + 1u) + min(other, p.Ck)];
          stop = keys[head * (p.Ck + 1u) + min(other + 1u, p.Ck)];
        }
        at[i] = min(ahead, p.M - 1u);
        if (ahead < stop) {
          ahead++;
          count++;
        }
      }
      k0 = vec4u(at[0], at[1], at[2], at[3]);
      k1 = vec4u(at[4], at[5], at[6], at[7]);
      k2 = vec4u(at[8], at[9], at[10], at[11]);
      k3 = vec4u(at[12], at[13], at[14], at[15]);
    }
    if (count == 0u) { break; }
    k0 = (first + k0) * pitch;
    k1 = (first + k1) * pitch;
    k2 = (first + k2) * pitch;
    k3 = (first + k3) * pitch;
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
    if (count < 16u) {
      a0 = found(a0, 0u, count);
      a1 = found(a1, 4u, count);
      a2 = found(a2, 8u, count);
      a3 = found(a3, 12u, count);
      b0 = found(b0, 0u, count);
      b1 = found(b1, 4u, count);
      b2 = found(b2, 8u, count);
      b3 = found(b3, 12u, count);
    }
    let nextA = max(topA, max(max(largest(a0), largest(a1)), max(largest(a2), largest(a3))));
    let nextB = max(topB, max(max(largest(b0), largest(b1)), max(largest(b2), largest(b3))));
    let fadeA = exp2(topA - nextA);
    let fadeB = exp2(topB - nextB);
    topA = nextA;
    topB = nextB;
    a0 = weights(a0, topA);
    a1 = weights(a1, topA);
    a2 = weights(a2, topA);
    a3 = weights(a3, topA);
    b0 = weights(b0, topB);
    b1 = weights(b1, topB);
    b2 = weights(b2, topB);
    b3 = weights(b3, topB);
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
  for (var i = 0u; i < min(8u, end - row); i++) {
    let whole = sums[i / 4u][i % 4u];
    let empty = whole == 0.0;
    let divisor = select(whole, 1.0, empty);
    for (var c = 0u; c < pitch; c++) { o[a.x + i * pitch + c] /= divisor; }
    lse[head * p.N + row + i] = select((tops[i / 4u][i % 4u] + log2(divisor)) / LOG2E, LOWEST, empty);
  }
}
