// kept[i,j] = 1 where the entries before j of row i, in descending order, sum to at most `share`, or where fewer than
// `least` come before it. Equal entries stand in the order they came. Four entries of a row per invocation, which looks at
// all of the row once for the four, so nothing is sorted.

struct Params { H: u32, Cq: u32, Ck: u32, share: f32, least: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> probability: array<f32>; // [H,Cq,Ck]
@group(0) @binding(2) var<storage, read_write> kept: array<u32>;  // [H,Cq,Ck]

const FOUR = vec4u(0, 1, 2, 3);

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let fours = (p.Ck + 3u) / 4u;
  let index = id.x + id.y * groups.x * 16u;
  if (index >= p.H * p.Cq * fours) { return; }
  let row = index / fours;
  let first = row * p.Ck;
  let last = vec4u(first + p.Ck - 1u);
  // Entries past the end repeat the last, with the same answer.
  let places = min(first + (index - row * fours) * 4u + FOUR, last);
  let mine = vec4f(probability[places.x], probability[places.y], probability[places.z], probability[places.w]);
  var before = vec4f();
  var rank = vec4u();
  for (var i = first; i < first + p.Ck; i++) {
    let other = vec4f(probability[i]);
    let ahead = (other > mine) | ((other == mine) & (vec4u(i) < places));
    before += select(vec4f(), other, ahead);
    rank += select(vec4u(), vec4u(1), ahead);
  }
  let keep = select(vec4u(), vec4u(1), (before <= vec4f(p.share)) | (rank < vec4u(p.least)));
  kept[places.x] = keep.x;
  kept[places.y] = keep.y;
  kept[places.z] = keep.z;
  kept[places.w] = keep.w;
}
