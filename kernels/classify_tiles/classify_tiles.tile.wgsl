// tiles[a,b] = 0 where the mask keeps no pair of the tile, 1 where it keeps all, 2 where it keeps some. One tile per
// invocation; it stops as soon as it has seen both kinds.

struct Params {
  N: u32, F: u32, P: u32, B: u32,
  prompt: u32, textFirst: u32, band: u32, block: u32, order: u32, bandOrder: u32, sink: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> tiles: array<u32>; // [ceil(N/B),ceil(N/B)]

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

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let side = (p.N + p.B - 1u) / p.B;
  let index = id.x + id.y * groups.x * 32u;
  if (index >= side * side) { return; }
  let top = index / side * p.B;
  let left = index % side * p.B;
  var some = false;
  var lacks = false;
  for (var row = top; row < min(top + p.B, p.N) && !(some && lacks); row++) {
    let query = placeOf(row, p.bandOrder);
    for (var key = left; key < min(left + p.B, p.N) && !(some && lacks); key++) {
      let kept = keeps(query, placeOf(key, p.bandOrder));
      some = some || kept;
      lacks = lacks || !kept;
    }
  }
  tiles[index] = select(select(1u, 2u, lacks), 0u, !some);
}
