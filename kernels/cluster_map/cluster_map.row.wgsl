// probability[h,i,j] = n_j exp(s_ij - top_i) / sum over j of the same, s = scale qc kc^T, n_j the size of key cluster j
// and top_i the largest s_ij of all. One query cluster per invocation; scores wait in the output. D divisible by 4.

struct Params { H: u32, Cq: u32, Ck: u32, D: u32, scale: f32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> queries: array<vec4f>; // [H,Cq,D/4]
@group(0) @binding(2) var<storage, read> keys: array<vec4f>;    // [H,Ck,D/4]
@group(0) @binding(3) var<storage, read> offsets: array<u32>;   // [H,Ck+1]
@group(0) @binding(4) var<storage, read_write> probability: array<f32>; // [H,Cq,Ck]

const LEAST = 1e-12; // of a denominator

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pitch = p.D / 4u;
  let row = id.x + id.y * groups.x * 16u;
  if (row >= p.H * p.Cq) { return; }
  let head = row / p.Cq;
  let first = head * p.Ck;
  let sizes = first + head; // offsets have one entry more per head
  let to = row * p.Ck;
  var top = -3.4028234e38;
  for (var j = 0u; j < p.Ck; j += 4u) {
    // Clusters past the end repeat the last.
    let at = (first + min(j + vec4u(0, 1, 2, 3), vec4u(p.Ck - 1u))) * pitch;
    var scores = vec4f();
    for (var c = 0u; c < pitch; c++) {
      scores += queries[row * pitch + c] * mat4x4f(keys[at.x + c], keys[at.y + c], keys[at.z + c], keys[at.w + c]);
    }
    scores *= p.scale;
    top = max(top, max(max(scores.x, scores.y), max(scores.z, scores.w)));
    for (var i = 0u; i < 4u && j + i < p.Ck; i++) { probability[to + j + i] = scores[i]; }
  }
  var sum = 0.0;
  for (var j = 0u; j < p.Ck; j++) {
    let size = f32(offsets[sizes + j + 1u] - offsets[sizes + j]);
    let share = size * exp(probability[to + j] - top);
    probability[to + j] = share;
    sum += share;
  }
  for (var j = 0u; j < p.Ck; j++) { probability[to + j] /= max(sum, LEAST); }
}
