// o = softmax(scale q k^T) v where a query sees only the keys of the clusters that its own cluster lists. Queries and keys
// lie sorted by cluster. Four rows of one query cluster per invocation; sixteen keys at a time, filled across the
// borders of key clusters, so that small clusters waste no lane. The unfinished rows of o live in o itself. D divisible
// by 4.

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

/// Four keys against four query rows over four channels: [j] holds key j's products with the rows.
fn products(keys: mat4x4f, rows: mat4x4f) -> mat4x4f {
  return mat4x4f(keys[0] * rows, keys[1] * rows, keys[2] * rows, keys[3] * rows);
}

fn largest(s: mat4x4f) -> vec4f { return max(max(s[0], s[1]), max(s[2], s[3])); }
fn total(s: mat4x4f) -> vec4f { return (s[0] + s[1]) + (s[2] + s[3]); }

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

/// Softmax weights before division, rows by keys: column r belongs to row r.
fn weights(s: mat4x4f, top: vec4f) -> mat4x4f {
  return mat4x4f(exp2(s[0] - top), exp2(s[1] - top), exp2(s[2] - top), exp2(s[3] - top));
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let most = (p.N + 3u * p.Cq) / 4u; // groups of four rows in a head, at most
  let index = id.x + id.y * groups.x * 32u;
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
    let inside = (end - row + 3u) / 4u;
    cluster = head * p.Cq + i;
    if (group < inside) { break; }
    group -= inside;
    row = end; // past the last cluster there is no work: another invocation has its rows
  }
  row += 4u * group;
  if (row >= end) { return; }
  // Rows past the cluster's end repeat its last one: they read and write the same numbers.
  let rows = (head * p.N + min(row + vec4u(0, 1, 2, 3), vec4u(end - 1u))) * pitch;
  for (var c = 0u; c < pitch; c++) {
    o[rows.x + c] = vec4f();
    o[rows.y + c] = vec4f();
    o[rows.z + c] = vec4f();
    o[rows.w + c] = vec4f();
  }
  let first = head * p.M;
  let scale = p.scale * LOG2E;
  var top = vec4f(LOWEST); // running maximum of each row's scores
  var sum = vec4f();       // running sum of its weights
  var entry = 0u; // of the list: the next key cluster
  var next = 0u;  // the next key of the present one
  var stop = 0u;
  loop {
    var k0 = next + vec4u(0, 1, 2, 3);
    var k1 = next + vec4u(4, 5, 6, 7);
    var k2 = next + vec4u(8, 9, 10, 11);
    var k3 = next + vec4u(12, 13, 14, 15);
    var count = 16u;
    if (stop - next >= 16u) {
      next += 16u;
    } else {
      var at: array<u32, 16>;
      count = 0u;
      for (var i = 0u; i < 16u; i++) {
        while (next >= stop && entry < p.Ck) {
          let other = list[cluster * p.Ck + entry];
          entry = select(p.Ck, entry + 1u, other < p.Ck);
          next = keys[head * (p.Ck + 1u) + min(other, p.Ck)];
          stop = keys[head * (p.Ck + 1u) + min(other + 1u, p.Ck)];
        }
        at[i] = min(next, p.M - 1u);
        if (next < stop) {
          next++;
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
    if (count < 16u) {
      s0 = found(s0, 0u, count);
      s1 = found(s1, 4u, count);
      s2 = found(s2, 8u, count);
      s3 = found(s3, 12u, count);
    }
    let higher = max(top, max(max(largest(s0), largest(s1)), max(largest(s2), largest(s3))));
    let fade = exp2(top - higher);
    top = higher;
    s0 = weights(s0, top);
    s1 = weights(s1, top);
    s2 = weights(s2, top);
    s3 = weights(s3, top);
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
  for (var i = 0u; i < min(4u, end - row); i++) {
    lse[head * p.N + row + i] = select((top[i] + log2(divisor[i])) / LOG2E, LOWEST, empty[i]);
  }
}
