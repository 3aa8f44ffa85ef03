// o = softmax(scale q k^T) v by one pass over the keys, with the softmax kept up to date on the way: four query rows
// per invocation, sixteen keys at a time, operands straight from storage. Neither scores nor weights are ever stored.
// The unfinished rows of o live in o itself. D divisible by 4.

struct Params { H: u32, N: u32, M: u32, D: u32, scale: f32, causal: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> k: array<vec4f>; // [H,M,D/4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [H,M,D/4]
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>; // [H,N,D/4]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>; // [H,N]

const LOG2E = 1.4426950408889634;
const LOWEST = -1e30; // below every score

/// Four keys against four query rows over four channels: [j] holds key j's products with the rows.
fn products(keys: mat4x4f, rows: mat4x4f) -> mat4x4f {
  return mat4x4f(keys[0] * rows, keys[1] * rows, keys[2] * rows, keys[3] * rows);
}

fn largest(s: mat4x4f) -> vec4f { return max(max(s[0], s[1]), max(s[2], s[3])); }
fn total(s: mat4x4f) -> vec4f { return (s[0] + s[1]) + (s[2] + s[3]); }

/// Scores in units of log 2; keys past the end, and under the causal mask those after the row, get the lowest.
fn masked(s: mat4x4f, key: u32, row: u32) -> mat4x4f {
  let last = select(vec4u(p.M - 1u), min(row + vec4u(0, 1, 2, 3), vec4u(p.M - 1u)), p.causal != 0u);
  let low = vec4f(LOWEST);
  return mat4x4f(
    select(s[0], low, vec4u(key) > last),
    select(s[1], low, vec4u(key + 1u) > last),
    select(s[2], low, vec4u(key + 2u) > last),
    select(s[3], low, vec4u(key + 3u) > last),
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
  // Rows past the end repeat the last one: they read and write the same numbers.
  let rows = (head * p.N + min(row + vec4u(0, 1, 2, 3), vec4u(p.N - 1u))) * pitch;
  for (var c = 0u; c < pitch; c++) {
    o[rows.x + c] = vec4f();
    o[rows.y + c] = vec4f();
    o[rows.z + c] = vec4f();
    o[rows.w + c] = vec4f();
  }
  let first = head * p.M;
  let last = vec4u(p.M - 1u);
  let scale = p.scale * LOG2E;
  let end = select(p.M, min(p.M, row + 4u), p.causal != 0u);
  let whole = select(p.M, min(p.M, row + 1u), p.causal != 0u); // keys below it are seen by all four rows
  var top = vec4f(LOWEST); // running maximum of each row's scores
  var sum = vec4f();       // running sum of its weights
  for (var key = 0u; key < end; key += 16u) {
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
    if (key + 16u > whole) {
      s0 = masked(s0, key, row);
      s1 = masked(s1, key + 4u, row);
      s2 = masked(s2, key + 8u, row);
      s3 = masked(s3, key + 12u, row);
    }
    let next = max(top, max(max(largest(s0), largest(s1)), max(largest(s2), largest(s3))));
    let fade = exp2(top - next);
    top = next;
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
  for (var c = 0u; c < pitch; c++) {
    let out = mat4x4f(o[rows.x + c] / sum.x, o[rows.y + c] / sum.y, o[rows.z + c] / sum.z, o[rows.w + c] / sum.w);
    o[rows.x + c] = out[0];
    o[rows.y + c] = out[1];
    o[rows.z + c] = out[2];
    o[rows.w + c] = out[3];
  }
  for (var i = 0u; i < min(4u, p.N - row); i++) {
    lse[head * p.N + row + i] = (top[i] + log2(sum[i])) / LOG2E;
  }
}
