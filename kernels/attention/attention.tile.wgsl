// o = softmax(scale q k^T) v by tiles of 32 query rows x 32 keys. Queries and keys pass through workgroup memory 16
// channels at a time, so that a number travels from storage once per tile; values are read side by side by invocations that
// stand side by side. An invocation owns 4x4 scores, 8 apart, and four rows of one vec4 column of each eight. D divisible by
// 4 and at most 128.

struct Params { H: u32, N: u32, M: u32, D: u32, scale: f32, causal: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4f>; // [H,N,D/4]
@group(0) @binding(2) var<storage, read> k: array<vec4f>; // [H,M,D/4]
@group(0) @binding(3) var<storage, read> v: array<vec4f>; // [H,M,D/4]
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>; // [H,N,D/4]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>; // [H,N]

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

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let pitch = p.D / 4u;
  let tiles = (p.N + SIDE - 1u) / SIDE;
  let index = group.x + group.y * groups.x;
  if (index >= p.H * tiles) { return; }
  let head = index / tiles;
  let row = index % tiles * SIDE;
  let x = lane % 8u;
  let y = lane / 8u;
  if (lane < SIDE) {
    top[lane] = LOWEST;
    sum[lane] = 0.0;
  }
  var sums: array<mat4x4f, EIGHTS>; // [e][i]: row y + 8 i, vec4 column x + 8 e
  let end = select(p.M, min(p.M, row + SIDE), p.causal != 0u);
  for (var key = 0u; key < end; key += SIDE) {
    var scores = mat4x4f(); // [i][j]: row y + 8 i, key x + 8 j
    for (var c = 0u; c < pitch; c += WIDE) {
      workgroupBarrier();
      for (var i = lane; i < SIDE * WIDE; i += 64u) {
        let at = c + i % WIDE;
        let query = (head * p.N + min(row + i / WIDE, p.N - 1u)) * pitch + min(at, pitch - 1u);
        let other = (head * p.M + min(key + i / WIDE, p.M - 1u)) * pitch + min(at, pitch - 1u);
        left[i / WIDE * PITCH + i % WIDE] = select(vec4f(), q[query], at < pitch);
        right[i / WIDE * PITCH + i % WIDE] = select(vec4f(), k[other], at < pitch);
      }
      workgroupBarrier();
      for (var l = 0u; l < WIDE; l++) {
        let a = y * PITCH + l;
        let b = x * PITCH + l;
        let keys = mat4x4f(right[b], right[b + 8u * PITCH], right[b + 16u * PITCH], right[b + 24u * PITCH]);
        scores += mat4x4f(left[a] * keys, left[a + 8u * PITCH] * keys, left[a + 16u * PITCH] * keys, left[a + 24u * PITCH] * keys);
      }
    }
    for (var i = 0u; i < 4u; i++) {
      for (var j = 0u; j < 4u; j++) {
        let r = row + y + 8u * i;
        let m = key + x + 8u * j;
        let seen = m < p.M && (p.causal == 0u || m <= r);
        scores[i][j] = select(LOWEST, scores[i][j] * p.scale * LOG2E, seen);
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
          let value = v[(head * p.M + min(key + m, p.M - 1u)) * pitch + column];
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
  for (var e = 0u; e < EIGHTS; e++) {
    let at = 8u * e + x;
    for (var i = 0u; i < 4u; i++) {
      let r = row + y + 8u * i;
      if (at < pitch && r < p.N) { o[(head * p.N + r) * pitch + at] = sums[e][i] / sum[y + 8u * i]; }
    }
  }
  if (lane < SIDE && row + lane < p.N) {
    lse[head * p.N + row + lane] = (top[lane] + log2(sum[lane])) / LOG2E;
  }
}
