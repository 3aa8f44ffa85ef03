enable subgroups;
diagnostic(off, subgroup_uniformity); // whole quads leave early, never a part of one

// h = X down^T, four tokens by 16 ranks per invocation. The four invocations of a quad hold 16 tokens and need
// the same rows of down: each loads every fourth of them and broadcasts it to the others, at whatever width the
// device's subgroups have. Needs K divisible by 4.

struct Params { T: u32, K: u32, R: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;    // [T,K/4]
@group(0) @binding(2) var<storage, read> down: array<vec4f>; // [R,K/4]
@group(0) @binding(3) var<storage, read_write> h: array<f32>;

/// True in a quad of four neighbours in their order. WGSL does not promise such quads.
fn in_line(id: vec3u) -> bool {
  let x = vec4u(quadBroadcast(id.x, 0u), quadBroadcast(id.x, 1u), quadBroadcast(id.x, 2u), quadBroadcast(id.x, 3u));
  return all(x == id.x / 4u * 4u + vec4u(0, 1, 2, 3));
}

/// The block without any help from neighbours, for devices that form other quads.
fn alone(token: u32, rank: u32) {
  for (var i = token; i < min(token + 4u, p.T); i++) {
    for (var j = rank; j < min(rank + 16u, p.R); j++) {
      var sum = 0.0;
      for (var k = 0u; k < p.K / 4u; k++) { sum += dot(x[i * (p.K / 4u) + k], down[j * (p.K / 4u) + k]); }
      h[i * p.R + j] = sum;
    }
  }
}

/// Four steps of K of four ranks, one rank from each invocation of the quad: [k][rank].
fn shared_ranks(v: vec4f) -> mat4x4f {
  return transpose(mat4x4f(quadBroadcast(v, 0u), quadBroadcast(v, 1u), quadBroadcast(v, 2u), quadBroadcast(v, 3u)));
}

fn store(block: mat4x4f, token: u32, rank: u32) {
  for (var i = 0u; i < 4u && token + i < p.T; i++) {
    for (var j = 0u; j < 4u && rank + j < p.R; j++) {
      h[(token + i) * p.R + rank + j] = block[i][j];
    }
  }
}

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let token = id.x * 4u;
  let rank = id.y * 16u;
  if (!in_line(id)) { alone(token, rank); return; }
  let lane = id.x % 4u;
  if (token - 4u * lane >= p.T) { return; }
  // Clamped tokens and ranks are computed again and never stored.
  let pitch = p.K / 4u;
  let tokens = min(token + vec4u(0, 1, 2, 3), vec4u(p.T - 1u)) * pitch;
  let ranks = min(rank + lane + vec4u(0, 4, 8, 12), vec4u(p.R - 1u)) * pitch;
  var h0 = mat4x4f(); // h0[i] holds the first 4 ranks of token i
  var h1 = mat4x4f();
  var h2 = mat4x4f();
  var h3 = mat4x4f();
  for (var k = 0u; k < pitch; k++) {
    let lines = mat4x4f(x[tokens.x + k], x[tokens.y + k], x[tokens.z + k], x[tokens.w + k]);
    h0 += shared_ranks(down[ranks.x + k]) * lines;
    h1 += shared_ranks(down[ranks.y + k]) * lines;
    h2 += shared_ranks(down[ranks.z + k]) * lines;
    h3 += shared_ranks(down[ranks.w + k]) * lines;
  }
  store(h0, token, rank);
  store(h1, token, rank + 4u);
  store(h2, token, rank + 8u);
  store(h3, token, rank + 12u);
}
