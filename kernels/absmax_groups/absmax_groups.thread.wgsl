// m[i,g] = max over the G channels of group g of |x[i,k]|, one group per invocation, four numbers at a time. A group may
// begin and end inside a vec4.

struct Params { M: u32, K: u32, G: u32 }

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [M,K], whole vec4s bound
@group(0) @binding(2) var<storage, read_write> m: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let group = id.x + id.y * groups.x * 64u;
  let perRow = (p.K + p.G - 1u) / p.G;
  if (group >= p.M * perRow) { return; }
  let row = group / perRow;
  let begin = row * p.K + group % perRow * p.G;
  let end = min(begin + p.G, (row + 1u) * p.K);
  let first = min((begin + 3u) / 4u * 4u, end); // whole vec4s: from first to last
  let last = max(end / 4u * 4u, first);
  var tops = vec4f();
  var i = first / 4u;
  for (; i + 3u < last / 4u; i += 4u) {
    tops = max(tops, max(max(abs(x[i]), abs(x[i + 1u])), max(abs(x[i + 2u]), abs(x[i + 3u]))));
  }
  for (; i < last / 4u; i++) { tops = max(tops, abs(x[i])); }
  var largest = max(max(tops.x, tops.y), max(tops.z, tops.w));
  for (i = begin; i < first; i++) { largest = max(largest, abs(x[i / 4u][i % 4u])); }
  for (i = last; i < end; i++) { largest = max(largest, abs(x[i / 4u][i % 4u])); }
  m[group] = largest;
}
