/** What the kernels of the attention labs mean together: masks against the published table, layouts, permutations, recall. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attention } from '../../kernels/attention/attention';
import { attentionBlocks } from '../../kernels/attention_blocks/attention_blocks';
import { attentionMasked } from '../../kernels/attention_masked/attention_masked';
import { attentionProfile } from '../../kernels/attention_profile/attention_profile';
import { clusterMap } from '../../kernels/cluster_map/cluster_map';
import { classifyTiles, keep, keptPerTile, maskDims, maskLength, maskScalars, relocate, type VideoMask } from '../../kernels/formats/video-mask';
import { gatherRows } from '../../kernels/gather_rows/gather_rows';
import { kmeansAssign } from '../../kernels/kmeans_assign/kmeans_assign';
import { listKept } from '../../kernels/list_kept/list_kept';
import { masks } from '../../kernels/random-masks';
import { createRng } from '../../kernels/rng';
import { scatterRows } from '../../kernels/scatter_rows/scatter_rows';
import { segmentMean } from '../../kernels/segment_mean/segment_mean';
import { LOWEST } from '../../kernels/softmax';
import { sortByLabel } from '../../kernels/sort_by_label/sort_by_label';
import { topP } from '../../kernels/top_p/top_p';
import { nmse } from '../../src/engine/compare';
import { readNpy } from '../../src/inputs/npy';

const normals = (seed: number, size: number): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: size }, () => rng.normal());
};

/** Every pair of a mask, as text, so that a difference shows where it is. */
const picture = (N: number, kept: (q: number, k: number) => boolean): string[] =>
  Array.from({ length: N }, (_, q) => Array.from({ length: N }, (_unused, k) => (kept(q, k) ? '#' : '.')).join(''));

const base: VideoMask = {
  frames: 4, positions: 6, text: 0, prompt: 0, textFirst: false, band: 5, block: 1, order: 'frame', bandOrder: 'frame', sink: 'none',
};

describe('masks', () => {
  // The three published execution masks, written as they stand in the official code; W is their band.
  const [W, L, N] = [5, 7, 24];
  test('CogVideoX: text first', () => {
    const mask = { ...base, text: L, prompt: L, textFirst: true, band: W };
    expect(picture(N + L, (q, k) => keep(mask, q, k))).toEqual(picture(N + L, (q, k) => q < L || k < L || Math.abs(q - k) < W));
  });

  test('HunyuanVideo: text last, padding sees padding', () => {
    const real = N + 4;
    const isText = (i: number): boolean => i >= N && i < real;
    const mask = { ...base, text: L, prompt: 4, band: W };
    expect(picture(N + L, (q, k) => keep(mask, q, k))).toEqual(
      picture(N + L, (q, k) => (q < real && k < real ? Math.abs(q - k) < W || isText(q) || isText(k) : q >= real && k >= real)),
    );
  });

  test('Wan: band with its edge, and the first P places as sink, in either layout', () => {
    const expected = picture(N, (q, k) => Math.abs(q - k) <= W || k < 6);
    for (const order of ['frame', 'token'] as const) {
      expect(picture(N, (q, k) => keep({ ...base, order, bandOrder: order, band: W + 1, sink: 'places' }, q, k))).toEqual(expected);
    }
  });

  test('frame 0 as sink of a token-major head is a stripe of every F-th key, and cuts every tile', () => {
    const mask: VideoMask = { ...base, frames: 16, positions: 64, band: 0, order: 'token', bandOrder: 'token', sink: 'frame' };
    expect(Array.from({ length: 40 }, (_, k) => keep(mask, 500, k))).toEqual(Array.from({ length: 40 }, (_, k) => k % 16 === 0));
    expect(new Set(classifyTiles({ ...mask, frames: 16, positions: 8 }, 16))).toEqual(new Set([2]));
  });

  test('a mask read in the other layout is the same mask after relocation, and relocation has an inverse', () => {
    const mask: VideoMask = { ...base, text: 3, prompt: 2, textFirst: true, band: 2, block: 3, sink: 'places' };
    const length = maskLength(mask);
    const there = Array.from({ length }, (_, i) => relocate(mask, i, 'token'));
    expect(there.map((i) => relocate(mask, i, 'frame'))).toEqual(Array.from({ length }, (_, i) => i));
    const read = picture(length, (q, k) => keep({ ...mask, bandOrder: 'token' }, q, k));
    expect(read).toEqual(picture(length, (q, k) => keep({ ...mask, order: 'token', bandOrder: 'token' }, there[q], there[k])));
    expect(read).not.toEqual(picture(length, (q, k) => keep(mask, q, k)));
  });

  test('tiles: every state occurs, and each says what its pairs say', () => {
    const seen = new Set<number>();
    for (const { mask } of masks) {
      const [length, side] = [maskLength(mask), 16];
      let pairs = 0;
      const tiles = classifyTiles(mask, side, (n) => { pairs = n; });
      const S = Math.ceil(length / side);
      const [all, counted] = [new Uint32Array(S * S), new Uint32Array(S * S)];
      for (let q = 0; q < length; q++) {
        for (let k = 0; k < length; k++) {
          const at = Math.floor(q / side) * S + Math.floor(k / side);
          all[at]++;
          if (keep(mask, q, k)) counted[at]++;
        }
      }
      expect(keptPerTile(mask, side)).toEqual(counted);
      expect(tiles).toEqual(counted.map((n, at) => (n === 0 ? 0 : n === all[at] ? 1 : 2)));
      expect(pairs).toBe(counted.reduce((a, b) => a + b, 0));
      for (const state of tiles) seen.add(state);
    }
    expect(seen).toEqual(new Set([0, 1, 2]));
  });

  test('the four programs share one text of the mask', () => {
    const texts = ['attention_masked/attention_masked.quad', 'attention_masked/attention_masked.four', 'attention_profile/attention_profile.row', 'classify_tiles/classify_tiles.tile'].map((file) => {
      const wgsl = readFileSync(`kernels/${file}.wgsl`, 'utf8');
      const from = wgsl.indexOf('/// Where a token stands');
      return wgsl.slice(from, wgsl.indexOf('\n}\n', wgsl.indexOf('fn keeps', from)));
    });
    expect(texts[0].length).toBeGreaterThan(800);
    expect(new Set(texts).size).toBe(1);
  });
});

describe('attention', () => {
  const [H, N, D] = [2, maskLength(base), 8];
  const [q, k, v] = [1, 2, 3].map((seed) => normals(seed, H * N * D));
  const scale = 1 / Math.sqrt(D);
  const masked = (mask: VideoMask, given: readonly [Float32Array, Float32Array, Float32Array]) =>
    attentionMasked.reference({ q: given[0], k: given[1], v: given[2], tiles: classifyTiles(mask, 16) }, { H, N, D, B: 16, ...maskDims(mask) }, { scale, ...maskScalars(mask) });
  const dense = attention.reference({ q, k, v }, { H, N, M: N, D }, { scale, causal: 0 });

  test('a mask that keeps all is dense attention', () => {
    const all = masked({ ...base, band: N }, [q, k, v]);
    expect(nmse(all.o, dense.o)).toBeLessThan(1e-13);
    expect(nmse(all.lse, dense.lse)).toBeLessThan(1e-13);
  });

  test('layout identity: the re-indexed mask equals token-major band attention between a permutation and its inverse', () => {
    const order = Uint32Array.from({ length: H * N }, (_, i) => relocate(base, i % N, 'frame')); // row of x that comes to token-major place i
    const placed = [q, k, v].map((x) => gatherRows.reference({ x, order }, { H, N, M: N, D }, {}).y) as [Float32Array, Float32Array, Float32Array];
    const there = masked({ ...base, order: 'token', bandOrder: 'token' }, placed);
    const back = scatterRows.reference({ x: there.o, order }, { H, N, D }, {}).y;
    expect(nmse(back, masked({ ...base, bandOrder: 'token' }, [q, k, v]).o)).toBeLessThan(1e-13);
    expect(nmse(back, masked(base, [q, k, v]).o)).toBeGreaterThan(0.1);
  });

  test('profiling gives the rows of the three attentions, and the attention each mask keeps follows from the log-sum-exps', () => {
    const rows = Uint32Array.from([0, 7, 23, 7]);
    const { bandOrder: _, ...scalars } = maskScalars(base);
    const R = rows.length;
    const { o, mass } = attentionProfile.reference({ q, k, v, rows }, { H, N, D, R, ...maskDims(base) }, { scale, ...scalars });
    const whole = [dense, masked(base, [q, k, v]), masked({ ...base, bandOrder: 'token' }, [q, k, v])];
    for (const [m, { o: full, lse }] of whole.entries()) {
      for (let h = 0; h < H; h++) {
        for (const [r, row] of rows.entries()) {
          const [at, to] = [(h * N + row) * D, ((m * H + h) * R + r) * D];
          expect(nmse(o.subarray(to, to + D), full.subarray(at, at + D))).toBeLessThan(1e-13);
          const share = m === 0 ? 1 : mass[((m - 1) * H + h) * R + r];
          expect(share).toBeCloseTo(Math.exp(lse[h * N + row] - dense.lse[h * N + row]), 5);
        }
      }
    }
  });

  test('a query that keeps nothing: zeros, and the lowest log-sum-exp', () => {
    const { o, lse } = masked({ ...base, band: 0 }, [q, k, v]);
    expect(o.every((value) => value === 0)).toBe(true);
    expect(lse.every((value) => value === Math.fround(LOWEST))).toBe(true);
  });
});

describe('semantic clusters', () => {
  const [H, N, D, Cq, Ck] = [2, 90, 8, 5, 9];
  const [q, k, v] = [4, 5, 6].map((seed) => normals(seed, H * N * D));
  const scale = 1 / Math.sqrt(D);

  function cluster(x: Float32Array, C: number, steps: number) {
    let centers = Float32Array.from({ length: H * C * D }, (_, i) => x[Math.floor(i / (C * D)) * N * D + (i % (C * D))]);
    const inertia: number[] = [];
    let sorted = sortByLabel.reference({ labels: new Uint32Array(H * N) }, { H, N, C }, {});
    for (let i = 0; i < steps; i++) {
      const { labels } = kmeansAssign.reference({ x, c: centers }, { H, N, C, D }, {});
      inertia.push(labels.reduce((sum, label, n) => {
        for (let d = 0; d < D; d++) sum += (x[n * D + d] - centers[(Math.floor(n / N) * C + label) * D + d]) ** 2;
        return sum;
      }, 0));
      sorted = sortByLabel.reference({ labels }, { H, N, C }, {});
      centers = Float32Array.from(segmentMean.reference({ x, ...sorted, centers }, { H, N, C, D }, {}).next);
    }
    return { ...sorted, centers, inertia };
  }
  const [qs, ks] = [cluster(q, Cq, 6), cluster(k, Ck, 6)];
  const sort = (x: Float32Array, order: Uint32Array): Float32Array => gatherRows.reference({ x, order }, { H, N, M: N, D }, {}).y;

  function sparse(kept: Uint32Array) {
    const { list, count } = listKept.reference({ kept }, { H, Cq, Ck }, {});
    const given = { q: sort(q, qs.order), k: sort(k, ks.order), v: sort(v, ks.order), queries: qs.offsets, keys: ks.offsets, list };
    const { o, lse } = attentionBlocks.reference(given, { H, N, M: N, Cq, Ck, D }, { scale });
    return { o: scatterRows.reference({ x: o, order: qs.order }, { H, N, D }, {}).y, lse, count };
  }
  const dense = attention.reference({ q, k, v }, { H, N, M: N, D }, { scale, causal: 0 });

  test('each step of k-means lowers the inertia', () => {
    for (const { inertia } of [qs, ks]) {
      for (let i = 1; i < inertia.length; i++) expect(inertia[i]).toBeLessThan(inertia[i - 1] + 1e-6);
      expect(inertia.at(-1)).toBeLessThan(0.9 * inertia[0]);
    }
  });

  test('permutations cancel: with every cluster kept, sparse attention is dense attention', () => {
    expect(nmse(sparse(new Uint32Array(H * Cq * Ck).fill(1)).o, dense.o)).toBeLessThan(1e-13);
  });

  test('top-p keeps more as p grows, at least one and at least the minimum, and error falls', () => {
    const { probability } = clusterMap.reference({ queries: qs.centers, keys: ks.centers, offsets: ks.offsets }, { H, Cq, Ck, D }, { scale });
    for (let row = 0; row < H * Cq; row++) expect(probability.subarray(row * Ck, (row + 1) * Ck).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const results = [0, 0.5, 0.9, 1].map((share) => sparse(topP.reference({ probability }, { H, Cq, Ck }, { share, least: 0 }).kept));
    expect([...results[0].count]).toEqual(Array.from({ length: H * Cq }, () => 1));
    for (let i = 1; i < results.length; i++) {
      expect(results[i].count.every((n, j) => n >= results[i - 1].count[j])).toBe(true);
      expect(nmse(results[i].o, dense.o)).toBeLessThan(nmse(results[i - 1].o, dense.o));
    }
    const least = listKept.reference({ kept: topP.reference({ probability }, { H, Cq, Ck }, { share: 0, least: 4 }).kept }, { H, Cq, Ck }, {});
    expect([...least.count]).toEqual(Array.from({ length: H * Cq }, () => 4));
  });
});

const golden = process.env.PAPERKERNELS_GOLDEN;

// The folder of golden cases is not part of the repository.
describe.skipIf(!golden)('the official masks (ABSENT unless PAPERKERNELS_GOLDEN names the folder of golden cases)', () => {
  const load = (name: string, file: string) => readNpy(new Uint8Array(readFileSync(join(golden ?? '', name, file))));
  const wan: VideoMask = { ...base, frames: 8, positions: 64, band: 128 + 1, sink: 'places' };
  const hunyuan: VideoMask = { ...base, frames: 6, positions: 96, text: 32, prompt: 20, band: 128 };

  test.each([['svg1_wan_f8_p64', wan], ['svg1_hunyuan_f6_p96_text32', hunyuan]] as const)('%s: execution mask and placement', (name, mask) => {
    const N = maskLength(mask);
    const expected = load(name, 'out_exec_mask_row_first_last.npy').data;
    const found = Array.from({ length: N }, (_, q) => {
      const kept = Array.from({ length: N }, (_unused, k) => k).filter((key) => keep(mask, q, key));
      return [kept[0], kept.at(-1), kept.length];
    });
    expect(found.flat()).toEqual(Array.from(expected));
    const places = Array.from({ length: N }, (_, i) => relocate(mask, i, 'token'));
    expect(places).toEqual(Array.from(load(name, 'out_token_major_destination.npy').data));
  });

  test.each([
    ['svg1_wan_f8_p64', { ...wan, block: 128, band: 1 }],
    // The official profiling keeps text, prompt and padding alike, for every row.
    ['svg1_hunyuan_f6_p96_text32', { ...hunyuan, prompt: 32, block: 128, band: 1 }],
  ] as const)('%s: profiling masks', (name, mask) => {
    const N = maskLength(mask);
    const rows = Array.from(load(name, 'in_sampled_rows.npy').data);
    for (const [file, bandOrder] of [['spatial', 'frame'], ['temporal', 'token']] as const) {
      const found = rows.flatMap((q) => Array.from({ length: N }, (_, k) => (keep({ ...mask, bandOrder }, q, k) ? 1 : 0)));
      expect(found).toEqual(Array.from(load(name, `out_profile_mask_rows_${file}.npy`).data));
    }
  });
});
