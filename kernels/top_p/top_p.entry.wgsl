// kept[i,j] = 1 where the entries before j of row i, in descending order, sum to at most `share`, or where fewer than
// `least` come before it. Equal entries stand in the order they came. One entry per invocation: it looks at all of its
// row, so nothing is sorted.

struct Params { H: u32, Cq: u32, Ck: u32, share: f32, least: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> probability: array<f32>; // [H,Cq,Ck]
@group(0) @binding(2) var<storage, read_write> kept: array<u32>;  // [H,Cq,Ck]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * 64u;
  if (index >= p.H * p.Cq * p.Ck) { return; }
  let first = index - index % p.Ck;
  let mine = probability[index];
  var before = 0.0;
  var rank = 0u;
  for (var i = first; i < first + p.Ck; i++) {
    let other = probability[i];
    let ahead = other > mine || (other == mine && i < index);
    before += select(0.0, other, ahead);
    rank += select(0u, 1u, ahead);
  }
  kept[index] = select(0u, 1u, before <= p.share || rank < p.least);
}
