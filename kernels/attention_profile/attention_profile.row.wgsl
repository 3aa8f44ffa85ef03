// Three answers of a sampled query row in one pass over the keys: dense attention, attention under the spatial mask (a band
// frame by frame) and under the temporal one (the same band position by position). All three share the scores. One row
// of one head per invocation, sixteen keys at a time. D divisible by 4.

struct Params {
  H: u32, N: u32, D: u32, R: u32, F: u32, P: u32,
  scale: f32, prompt: u32, textFirst: u32, band: u32, block: u32, order: u32, sink: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> k: array<vec4f>; // [H,N,D/4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [H,N,D/4]
@group(0) @binding(4) var<storage, read> rows: array<u32>; // [R]
@group(0) @binding(5) var<storage, read_write> o: array<vec4f>;  // [3,H,R,D/4]
@group(0) @binding(6) var<storage, read_write> mass: array<f32>; // [2,H,R]

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

/// Keys whose bit is not set get the lowest score.
fn masked(s: mat4x4f, bits: u32) -> mat4x4f {
  let all = vec4u(bits) >> vec4u(0, 1, 2, 3);
  let low = vec4f(LOWEST);
  return mat4x4f(
    select(low, s[0], (all & vec4u(1)) != vec4u()),
    select(low, s[1], ((all >> vec4u(4)) & vec4u(1)) != vec4u()),
    select(low, s[2], ((all >> vec4u(8)) & vec4u(1)) != vec4u()),
    select(low, s[3], ((all >> vec4u(12)) & vec4u(1)) != vec4u()),
  );
}

fn largest(s: mat4x4f) -> f32 {
  let a = max(max(s[0], s[1]), max(s[2], s[3]));
  return max(max(a.x, a.y), max(a.z, a.w));
}

fn total(s: mat4x4f) -> f32 { return dot((s[0] + s[1]) + (s[2] + s[3]), vec4f(1)); }

/// Softmax weights before division; while nothing is kept, every weight is 0.
fn weights(s: mat4x4f, top: f32) -> mat4x4f {
  let base = vec4f(max(top, 0.5 * LOWEST));
  return mat4x4f(exp2(s[0] - base), exp2(s[1] - base), exp2(s[2] - base), exp2(s[3] - base));
}

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let index = id.x + id.y * groups.x * 16u;
  if (index >= p.H * p.R) { return; }
  let head = index / p.R;
  let token = min(rows[index % p.R], p.N - 1u);
  let query = (head * p.N + token) * pitch;
  let spatial = placeOf(token, 0u);
  let temporal = placeOf(token, 1u);
  let plane = p.H * p.R * pitch;
  let to = vec3u(0u, plane, 2u * plane) + index * pitch; // dense, spatial, temporal
  for (var c = 0u; c < pitch; c++) {
    o[to.x + c] = vec4f();
    o[to.y + c] = vec4f();
    o[to.z + c] = vec4f();
  }
  let last = vec4u(p.N - 1u);
  var top = vec3f(LOWEST); // running maxima of the three
  var sum = vec3f();       // running sums of their weights
  for (var key = 0u; key < p.N; key += 16u) {
    let k0 = (head * p.N + min(key + vec4u(0, 1, 2, 3), last)) * pitch;
    let k1 = (head * p.N + min(key + vec4u(4, 5, 6, 7), last)) * pitch;
    let k2 = (head * p.N + min(key + vec4u(8, 9, 10, 11), last)) * pitch;
    let k3 = (head * p.N + min(key + vec4u(12, 13, 14, 15), last)) * pitch;
    var s = mat4x4f(); // [i][j]: key 4 i + j
    for (var c = 0u; c < pitch; c++) {
      let row = q[query + c];
      s += mat4x4f(
        row * mat4x4f(k[k0.x + c], k[k0.y + c], k[k0.z + c], k[k0.w + c]),
        row * mat4x4f(k[k1.x + c], k[k1.y + c], k[k1.z + c], k[k1.w + c]),
        row * mat4x4f(k[k2.x + c], k[k2.y + c], k[k2.z + c], k[k2.w + c]),
        row * mat4x4f(k[k3.x + c], k[k3.y + c], k[k3.z + c], k[k3.w + c]),
      );
    }
    s *= p.scale * LOG2E;
    var bits = vec3u(); // which of the sixteen each of the three keeps
    for (var j = 0u; j < min(16u, p.N - key); j++) {
      let bit = 1u << j;
      let nearSpatial = keeps(spatial, placeOf(key + j, 0u));
      let nearTemporal = keeps(temporal, placeOf(key + j, 1u));
      bits |= vec3u(bit, select(0u, bit, nearSpatial), select(0u, bit, nearTemporal));
    }
    let dense = masked(s, bits.x);
    let near = masked(s, bits.y);
    let far = masked(s, bits.z);
    let next = max(top, vec3f(largest(dense), largest(near), largest(far)));
    let fade = exp2(top - next);
    top = next;
    let w0 = weights(dense, top.x);
    let w1 = weights(near, top.y);
    let w2 = weights(far, top.z);
    sum = sum * fade + vec3f(total(w0), total(w1), total(w2));
    for (var c = 0u; c < pitch; c++) {
      let v0 = mat4x4f(v[k0.x + c], v[k0.y + c], v[k0.z + c], v[k0.w + c]);
      let v1 = mat4x4f(v[k1.x + c], v[k1.y + c], v[k1.z + c], v[k1.w + c]);
      let v2 = mat4x4f(v[k2.x + c], v[k2.y + c], v[k2.z + c], v[k2.w + c]);
      let v3 = mat4x4f(v[k3.x + c], v[k3.y + c], v[k3.z + c], v[k3.w + c]);
      o[to.x + c] = o[to.x + c] * fade.x + ((v0 * w0[0] + v1 * w0[1]) + (v2 * w0[2] + v3 * w0[3]));
      o[to.y + c] = o[to.y + c] * fade.y + ((v0 * w1[0] + v1 * w1[1]) + (v2 * w1[2] + v3 * w1[3]));
      o[to.z + c] = o[to.z + c] * fade.z + ((v0 * w2[0] + v1 * w2[1]) + (v2 * w2[2] + v3 * w2[3]));
    }
  }
  // A row that keeps no key is all zeros.
  let divisor = select(sum, vec3f(1), sum == vec3f());
  for (var c = 0u; c < pitch; c++) {
    o[to.x + c] /= divisor.x;
    o[to.y + c] /= divisor.y;
    o[to.z + c] /= divisor.z;
  }
  mass[index] = sum.y * exp2(top.y - top.x) / sum.x;
  mass[p.H * p.R + index] = sum.z * exp2(top.z - top.x) / sum.x;
}
