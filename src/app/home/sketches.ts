/** Small seeded drawings for the papers whose labs are not built: the right shape, not the paper's result. */

import type { Rng } from '../../../kernels/rng';
import type { Pen } from './pen';

type Sketch = (pen: Pen) => void;

const normals = (rng: Rng, n: number, scale = 1): Float64Array => Float64Array.from({ length: n }, () => scale * rng.normal());
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** Row-wise softmax of an n × n score function, scaled so that `top` shows as full ink. */
function attention(n: number, score: (i: number, j: number) => number, top: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: n }, (_, j) => Math.exp(score(i, j)));
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((v, j) => (out[i * n + j] = Math.sqrt(v / sum / top)));
  }
  return out;
}

const squeezellm: Sketch = ({ context: c, width: w, height: h, rng, color, shade }) => {
  const bins = 96;
  const reach = 8;
  // Student's t with four degrees of freedom: a few weights lie far out.
  const values = Array.from({ length: 4000 }, () => rng.normal() / Math.sqrt(normals(rng, 4).reduce((s, v) => s + v * v, 0) / 4))
    .map((v) => Math.min(reach - 0.01, Math.max(-reach, v)));
  let centroids = Array.from({ length: 8 }, (_, i) => -3 + i * 0.86);
  for (let round = 0; round < 25; round++) {
    const sums = centroids.map(() => [0, 0]);
    for (const v of values) {
      const nearest = centroids.reduce((best, x, i) => (Math.abs(v - x) < Math.abs(v - centroids[best]) ? i : best), 0);
      sums[nearest][0] += v;
      sums[nearest][1] += 1;
    }
    centroids = sums.map(([sum, count], i) => (count ? sum / count : centroids[i]));
  }
  const counts = new Float64Array(bins);
  for (const v of values) counts[Math.floor(((v + reach) / (2 * reach)) * bins)] += 1;
  const tallest = Math.log(1 + Math.max(...counts));
  const base = h - 30;
  counts.forEach((count, i) => {
    if (count === 0) return;
    const x = ((i + 0.5) / bins) * 2 * reach - reach;
    c.fillStyle = Math.abs(x) > reach / 2 ? shade('signed', Math.sign(x) * 0.75) : color('line2');
    const bar = 4 + ((base - 12) * Math.log(1 + count)) / tallest;
    c.fillRect((i / bins) * w + 0.5, base - bar, w / bins - 1, bar);
  });
  c.fillStyle = color('ink');
  c.fillRect(0, base, w, 1);
  for (const centre of centroids) {
    const x = ((centre + reach) / (2 * reach)) * w;
    c.beginPath();
    c.moveTo(x, base + 5);
    c.lineTo(x - 5, base + 15);
    c.lineTo(x + 5, base + 15);
    c.fill();
  }
};

const qdiffusion: Sketch = ({ context: c, width: w, height: h, rng, shade }) => {
  const steps = 100;
  c.globalAlpha = 0.85;
  for (let step = 0; step < steps; step++) {
    const t = step / (steps - 1);
    for (let i = 0; i < 26; i++) {
      const v = 0.8 * Math.cos(Math.PI * t) + (0.6 + 1.9 * t * t) * rng.normal();
      c.fillStyle = shade('signed', v / 5);
      c.fillRect((step / steps) * w, h / 2 - (v * h) / 15 - 1, Math.max(2, w / steps - 1), 2);
    }
  }
};

const svg: Sketch = ({ grid, width, height, rng }) => {
  const [frames, patches] = [8, 12];
  const n = frames * patches;
  const size = Math.min((width - 10) / 2, height);
  const same = [(i: number, j: number) => Math.floor(i / patches) === Math.floor(j / patches), (i: number, j: number) => i % patches === j % patches];
  same.forEach((rule, head) => {
    grid('error', attention(n, (i, j) => (rule(i, j) ? 4 : 0) + 0.7 * rng.normal(), 0.25), n, n, [head * (size + 10), 0, size, size]);
  });
};

const svg2: Sketch = ({ grid, width, height, rng }) => {
  const n = 96;
  const centres = Array.from({ length: 6 }, () => normals(rng, 12));
  const cluster = Array.from({ length: n }, () => rng.below(6));
  const tokens = cluster.map((k) => centres[k].map((v) => v + 0.45 * rng.normal()));
  const before = tokens.map((_, i) => i);
  const after = before.toSorted((a, b) => cluster[a] - cluster[b]);
  const size = Math.min((width - 10) / 2, height);
  [before, after].forEach((order, k) => {
    grid('error', attention(n, (i, j) => 0.32 * dot(tokens[order[i]], tokens[order[j]]), 0.06), n, n, [k * (size + 10), 0, size, size]);
  });
};

const sparselora: Sketch = ({ grid, width, height, rng }) => {
  const [rows, cols, kept] = [20, 64, 21];
  const strength = normals(rng, cols, 0.9).map(Math.exp);
  const cells = Array.from({ length: rows }, () => {
    const row = strength.map((s) => s * Math.abs(rng.normal()));
    const least = row.toSorted()[cols - kept];
    return [...row].map((v) => (v >= least ? Math.min(1, 0.35 + v / 8) : 0.04));
  }).flat();
  grid('error', cells, rows, cols, [0, 0, width, height]);
};

const lloco: Sketch = ({ context: c, width: w, height: h, rng, color, shade }) => {
  const [tokens, groups] = [64, 4];
  const values = normals(rng, tokens);
  values.forEach((v, i) => {
    c.fillStyle = shade('signed', v / 2.6);
    c.fillRect((i / tokens) * w, 8, w / tokens - 1, h * 0.34);
  });
  for (let g = 0; g < groups; g++) {
    const part = values.subarray((g * tokens) / groups, ((g + 1) * tokens) / groups);
    const middle = ((g + 0.5) * w) / groups;
    c.globalAlpha = 0.35;
    c.fillStyle = color('line2');
    c.beginPath();
    c.moveTo((g * w) / groups + 2, 8 + h * 0.36);
    c.lineTo(((g + 1) * w) / groups - 3, 8 + h * 0.36);
    c.lineTo(middle + 7, h * 0.66);
    c.lineTo(middle - 7, h * 0.66);
    c.fill();
    c.globalAlpha = 1;
    c.fillStyle = shade('signed', part.reduce((a, b) => a + b, 0) / 6);
    c.fillRect(middle - 7, h * 0.68, 14, h * 0.24);
  }
};

const magicme: Sketch = ({ grid, width, height, rng }) => {
  const [frames, n] = [6, 20];
  const shared = normals(rng, n * n);
  const size = (width - 5 * (frames - 1)) / frames;
  for (let k = 0; k < frames; k++) {
    const own = shared.map((v) => (Math.SQRT1_2 * (v + rng.normal())) / 3);
    grid('signed', own, n, n, [k * (size + 5), (height - size) / 2, size, size]);
  }
};

/** Means over blocks of r × c cells. */
function pool(values: Float64Array, rows: number, cols: number, r: number, c: number): Float64Array {
  const wide = cols / c;
  const out = new Float64Array((rows / r) * wide);
  values.forEach((v, i) => (out[Math.floor(Math.floor(i / cols) / r) * wide + Math.floor((i % cols) / c)] += v / (r * c)));
  return out;
}

const nvila: Sketch = ({ grid, height }) => {
  const n = 32;
  const image = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (Math.sin(i * 0.33) * Math.cos(j * 0.27 + i * 0.12) + 0.35 * Math.sin(i * j * 0.05)) / 1.3;
  });
  const large = height - 8;
  grid('signed', image, n, n, [0, 4, large, large]);
  grid('signed', pool(image, n, n, 4, 4), 8, 8, [large + 16, 4 + large / 2, large / 2, large / 2]);
};

const storm: Sketch = ({ grid, width, height, rng }) => {
  const [tokens, frames] = [24, 16];
  const video = new Float64Array(tokens * frames);
  for (let token = 0; token < tokens; token++) {
    let v = rng.normal();
    for (let frame = 0; frame < frames; frame++) video[token * frames + frame] = (v = 0.85 * v + 0.5 * rng.normal()) / 2.4;
  }
  const left = width * 0.68;
  grid('signed', video, tokens, frames, [0, 0, left, height]);
  grid('signed', pool(video, tokens, frames, 1, 4), tokens, 4, [left + 14, 0, width - left - 14, height]);
};

const longvila: Sketch = ({ context: c, width: w, height: h, shade }) => {
  const n = 4;
  for (let step = 0; step < n; step++) {
    for (let device = 0; device < n; device++) {
      const from = (device - step + n) % n;
      c.fillStyle = shade('error', from <= device ? 0.28 + 0.2 * from : 0.06);
      c.fillRect((device * (w + 4)) / n, (step * (h + 4)) / n, (w + 4) / n - 4, (h + 4) / n - 4);
    }
  }
};

const routerbench: Sketch = ({ context: c, width: w, height: h, rng, color }) => {
  const models = Array.from({ length: 11 }, () => {
    const cost = rng.uniform();
    return [0.04 + 0.9 * cost, Math.min(0.95, 0.25 + 0.55 * Math.sqrt(cost) + 0.12 * rng.normal())] as const;
  }).toSorted((a, b) => a[0] - b[0]);
  const hull: (readonly [number, number])[] = [];
  for (const model of models) {
    for (let [a, b] = hull.slice(-2); b && (b[1] - a[1]) * (model[0] - a[0]) <= (model[1] - a[1]) * (b[0] - a[0]); [a, b] = hull.slice(-2)) hull.pop();
    if (hull.length === 0 || model[1] > hull[hull.length - 1][1]) hull.push(model);
  }
  const place = ([x, y]: readonly [number, number]): [number, number] => [8 + x * (w - 20), h - 10 - y * (h - 24)];
  c.strokeStyle = color('line2');
  c.beginPath();
  c.moveTo(4, 4);
  c.lineTo(4, h - 6);
  c.lineTo(w - 4, h - 6);
  c.stroke();
  c.strokeStyle = color('hero');
  c.lineWidth = 2.5;
  c.beginPath();
  for (const model of hull) c.lineTo(...place(model));
  c.lineTo(w - 6, place(hull[hull.length - 1])[1]);
  c.stroke();
  for (const model of models) {
    c.fillStyle = color(hull.includes(model) ? 'hero' : 'rtn');
    c.beginPath();
    c.arc(...place(model), 4.5, 0, 2 * Math.PI);
    c.fill();
  }
};

const apr: Sketch = ({ context: c, width: w, height: h, color }) => {
  c.lineWidth = 2;
  const thread = (x: number, y: number, length: number, depth: number, turn: number): void => {
    c.strokeStyle = color(turn % 2 ? 'line2' : 'ink');
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(x + length, y);
    c.stroke();
    if (depth === 2) return;
    const children = depth === 0 ? [-1, 0, 1] : [-0.5, 0.5];
    children.forEach((place, i) => {
      const end = y + place * h * (depth === 0 ? 0.3 : 0.18);
      c.strokeStyle = color('line2');
      c.beginPath();
      c.moveTo(x + length, y);
      c.lineTo(x + length + 12, end);
      c.stroke();
      thread(x + length + 12, end, w * (0.16 + 0.07 * ((7 * i + 3 * depth) % 3)), depth + 1, i + depth);
    });
  };
  thread(8, h / 2, w * 0.2, 0, 0);
};

const sstar: Sketch = ({ context: c, width: w, height: h, rng, color }) => {
  const [candidates, tests] = [8, 16];
  for (let i = 0; i < candidates; i++) {
    const skill = 0.25 + 0.7 * rng.uniform();
    for (let j = 0; j < tests; j++) {
      c.fillStyle = color(rng.uniform() < skill ? 'ink2' : 'bg3');
      c.fillRect((j * w) / tests + 1, (i * h) / candidates + 1, w / tests - 3, h / candidates - 3);
    }
  }
};

const tgve: Sketch = ({ grid, height, rng }) => {
  const n = 24;
  let frame = normals(rng, 16);
  const frames = Array.from({ length: n }, (_, i) => (frame = i === 14 ? normals(rng, 16) : frame.map((v) => 0.93 * v + 0.36 * rng.normal())));
  const similarity = frames.flatMap((a) => frames.map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
  grid('signed', similarity, n, n, [0, 0, height, height]);
};

const isotopes: Sketch = ({ context: c, width: w, height: h, rng, color }) => {
  const bins = 48;
  const histogram = (mean: number): number[] => {
    const counts = Array.from({ length: bins }, () => 0);
    for (let i = 0; i < 900; i++) counts[Math.min(bins - 1, Math.max(0, Math.floor(((0.9 * rng.normal() + mean) / 7.5) * bins)))] += 1;
    return counts;
  };
  const [none, marked] = [histogram(3), histogram(4.7)];
  const unit = (h - 14) / Math.max(...none, ...marked);
  c.fillStyle = color('rtn');
  none.forEach((count, i) => c.fillRect((i / bins) * w, h - 4 - count * unit, w / bins - 1, count * unit));
  c.strokeStyle = color('hero');
  c.lineWidth = 2;
  c.beginPath();
  marked.forEach((count, i) => {
    c.lineTo((i / bins) * w, h - 4 - count * unit);
    c.lineTo(((i + 1) / bins) * w, h - 4 - count * unit);
  });
  c.stroke();
};

const hle: Sketch = ({ context: c, width: w, height: h, rng, color }) => {
  const bins = 10;
  const asked = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (let i = 0; i < 3000; i++) {
    const stated = Math.min(0.999, 0.45 + 0.55 * Math.sqrt(rng.uniform()));
    const bin = Math.floor(stated * bins);
    asked[bin] += 1;
    if (rng.uniform() < 0.05 + 0.22 * stated * stated) right[bin] += 1;
  }
  c.strokeStyle = color('line2');
  c.lineWidth = 1.5;
  c.setLineDash([3, 3]);
  c.beginPath();
  c.moveTo(0, h - 6);
  c.lineTo(w, 6);
  c.stroke();
  c.fillStyle = color('ink2');
  asked.forEach((n, i) => {
    if (n === 0) return;
    const bar = (right[i] / n) * (h - 12);
    c.fillRect((i * w) / bins + 3, h - 6 - bar, w / bins - 6, bar);
  });
};

/** By paper id. */
export const sketches: Readonly<Record<string, Sketch>> = {
  squeezellm, qdiffusion, svg, svg2, sparselora, lloco, magicme, nvila, storm, longvila, routerbench, apr, sstar, tgve, isotopes, hle,
};
