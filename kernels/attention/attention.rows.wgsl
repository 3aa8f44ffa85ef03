// o = softmax(scale q k^T) v by one pass over the keys, with the softmax kept up to date on the way: eight query rows per
// invocation, as two groups of four, against sixteen keys at a time, operands straight from storage. Where a load costs as
// much as many products it pays that each key fetched serves eight rows, and each query sixteen keys. Neither scores nor
// weights are ever stored. The unfinished rows of o live in o itself. D divisible by 4.

struct Params { H: u32, N: u32, M: u32, D: u32, scale: f32, causal: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> k: array<vec4f>; // [H,M,D/4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [H,M,D/4]
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>; // [H,N,D/4]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>; // [H,N]

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

/// Scores of the keys after a row's last one become the lowest.
fn masked(s: mat4x4f, key: u32, last: vec4u) -> mat4x4f {
  let low = vec4f(LOWEST);
  return mat4x4f(
    select(s[0], low, vec4u(key) > last),
    select(s[1], low, vec4u(key + 1u) > last),
    select(s[2], low, vec4u(key + 2u) > last),
    select(s[3], low, vec4u(key + 3u) > last),
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
  // Rows past the end repeat the last one: they read and write the same numbers.
  let rowsA = min(row + FOUR, vec4u(p.N - 1u));
  let rowsB = min(row + 4u + FOUR, vec4u(p.N - 1u));
  let a = (head * p.N + rowsA) * pitch;
  let b = (head * p.N + rowsB) * pitch;
  for (var i = a.x; i < b.w + pitch; i++) { o[i] = vec4f(); }
  let end = vec4u(p.M - 1u);
  let causal = p.causal != 0u;
  let lastA = select(end, min(rowsA, end), causal); // the last key that each row sees
  let lastB = select(end, min(rowsB, end), causal);
  let scale = p.scale * LOG2E; // scores in units of log 2
  var topA = vec4f(LOWEST); // running maximum of each row's scores
  var topB = vec4f(LOWEST);
  var sumA = vec4f();       // running sum of its weights
  var sumB = vec4f();
  for (var key = 0u; key <= lastB.w; key += 16u) {
    // Keys past the end repeat the last one, and are masked.
    let k0 = (head * p.M + min(key + FOUR, end)) * pitch;
    let k1 = (head * p.M + min(key + 4u + FOUR, end)) * pitch;
    let k2 = (head * p.M + min(key + 8u + FOUR, end)) * pitch;
    let k3 = (head * p.M + min(key + 12u + FOUR, end)) * pitch;
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
    if (key + 15u > lastA.x) {
      a0 = masked(a0, key, lastA);
      a1 = masked(a1, key + 4u, lastA);
      a2 = masked(a2, key + 8u, lastA);
      a3 = masked(a3, key + 12u, lastA);
      b0 = masked(b0, key, lastB);
      b1 = masked(b1, key + 4u, lastB);
      b2 = masked(b2, key + 8u, lastB);
      b3 = masked(b3, key + 12u, lastB);
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
  for (var i = 0u; i < min(8u, p.N - row); i++) {
    let whole = sums[i / 4u][i % 4u];
    for (var c = 0u; c < pitch; c++) { o[a.x + i * pitch + c] /= whole; }
    lse[head * p.N + row + i] = (tops[i / 4u][i % 4u] + log2(whole)) / LOG2E;
  }
}
