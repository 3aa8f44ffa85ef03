/** Mixed precision against brute force, the trade-off, the summary, and what names tell. */

import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import type { ReportMeasure, TensorReport } from '../../src/report/contract';
import { bestUnder, squaredNorm, suggestMix, tradeoff, weightsOf, type MixOptions } from '../../src/report/mix';
import { depthOf, kindOf } from '../../src/report/names';
import { summarise } from '../../src/report/summary';

function made(tensor: string, rows: number, cols: number, std: number, list: readonly (readonly [ReportMeasure['id'], number, number, number])[]): TensorReport {
  const measure = ([id, bits, relativeError, bitsPerWeight]: (typeof list)[number]): ReportMeasure => ({ id, bits, relativeError, bitsPerWeight, sqnrDb: 0, bulkError: relativeError });
  return {
    tensor, file: 'm', shape: [rows, cols], matrix: [rows, cols], dtype: 'F16', bytes: 2 * rows * cols,
    stats: { min: 0, max: 0, mean: 0, std, bulk: std, excessKurtosis: 0, outlierShare: 0, fence: 0, histogram: { limit: 0, counts: [] } },
    methods: list.slice(0, 2).map(measure), others: list.slice(2).map(measure), seconds: 0,
  };
}

function random(count: number, seed: number, sizes: number): TensorReport[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, i) => {
    const hard = Math.exp(rng.normal());
    const list = (['rtn', 'kmeans', 'dense-and-sparse', 'svdquant'] as const).flatMap((id) => [2, 3, 4].map((b) => [id, b, Math.min(1, 0.5 * hard * 2 ** -b * (0.6 + 0.8 * rng.uniform())), b + 0.1 + 0.7 * rng.uniform()] as const));
    return made(`t${i}`, 1 + rng.below(sizes), 1 + rng.below(sizes), Math.exp(rng.normal()), list);
  });
}

/** Least cost within the budget, by trying everything. */
function bruteForce(reports: readonly TensorReport[], budget: number, { objective = 'total', keep = true }: MixOptions): number {
  const capacity = reports.reduce((sum, r) => sum + weightsOf(r), 0) * (budget + 1e-9);
  const visit = (i: number, bits: number): number => {
    if (bits > capacity) return Infinity;
    if (i === reports.length) return 0;
    const r = reports[i];
    const options = [...r.methods, ...r.others, ...(keep ? [{ relativeError: 0, bitsPerWeight: 16 }] : [])];
    return Math.min(...options.map((o) => o.relativeError ** 2 * (objective === 'total' ? squaredNorm(r) : 1) + visit(i + 1, bits + o.bitsPerWeight * weightsOf(r))));
  };
  return visit(0, 0);
}

const costOf = (reports: readonly TensorReport[], choices: Readonly<Record<string, { id: string; bits: number }>>, objective: 'total' | 'relative'): number =>
  reports.reduce((sum, r) => {
    const { id, bits } = choices[r.tensor];
    const error = id === 'keep' ? 0 : ([...r.methods, ...r.others].find((m) => m.id === id && m.bits === bits)?.relativeError ?? Number.NaN);
    return sum + error ** 2 * (objective === 'total' ? squaredNorm(r) : 1);
  }, 0);

describe('the mix', () => {
  test.each([1, 2, 3, 4, 5, 6])('is the best of all for a few tensors (seed %i)', (seed) => {
    const reports = random(1 + (seed % 5), seed, 40);
    for (const objective of ['total', 'relative'] as const) {
      for (const budget of [2.7, 3.3, 4.1, 6]) {
        const mix = suggestMix(reports, budget, { objective });
        const best = bruteForce(reports, budget, { objective });
        const cost = mix ? costOf(reports, mix.choices, objective) : Infinity;
        expect(Math.abs(cost - best) <= 1e-10 * best || cost === best, `${objective} ${budget}`).toBe(true);
        expect(mix?.optimal ?? true).toBe(true);
        expect(mix?.bitsPerWeight ?? 0).toBeLessThanOrEqual(budget + 1e-8);
      }
    }
  });

  test('of six tensors with thirteen choices each is the best of the five million', () => {
    const reports = random(6, 77, 30);
    const mix = suggestMix(reports, 3.4);
    expect(costOf(reports, mix?.choices ?? {}, 'total')).toBeCloseTo(bruteForce(reports, 3.4, {}), 10);
  });

  test('of many tensors is within a tensor’s step of the bound that the trade-off’s corners give', () => {
    const reports = random(150, 8, 200);
    const curve = tradeoff(reports);
    for (const budget of [3, 3.5, 4.5, 9]) {
      const mix = suggestMix(reports, budget);
      const above = curve.findIndex((p) => p.bitsPerWeight > budget);
      const [a, b] = [curve[above - 1], curve[above]];
      const share = (budget - a.bitsPerWeight) / (b.bitsPerWeight - a.bitsPerWeight);
      const bound = Math.sqrt(a.relativeError ** 2 + share * (b.relativeError ** 2 - a.relativeError ** 2));
      expect(mix?.bitsPerWeight).toBeLessThanOrEqual(budget + 1e-8);
      expect(mix?.relativeError).toBeGreaterThanOrEqual(bound * (1 - 1e-9));
      expect(mix?.relativeError).toBeLessThanOrEqual(a.relativeError * (1 + 1e-9));
      expect((mix?.relativeError ?? 1) / bound).toBeLessThan(1.02);
    }
  });

  test('the trade-off falls from the cheapest choice to everything as it is stored, ever more slowly', () => {
    const curve = tradeoff(random(20, 9, 50));
    expect(curve.at(-1)).toEqual({ bitsPerWeight: expect.closeTo(16, 9), relativeError: 0 });
    let slope = -Infinity;
    for (let i = 1; i < curve.length; i++) {
      const next = (curve[i].relativeError ** 2 - curve[i - 1].relativeError ** 2) / (curve[i].bitsPerWeight - curve[i - 1].bitsPerWeight);
      expect(next).toBeLessThanOrEqual(0);
      expect(next).toBeGreaterThanOrEqual(slope - 1e-9);
      slope = next;
    }
  });

  test('only the methods asked for; nothing where even the cheapest is too dear', () => {
    const reports = random(4, 10, 20);
    expect(Object.values(suggestMix(reports, 5, { methods: ['rtn'], keep: false })?.choices ?? {}).every((c) => c.id === 'rtn')).toBe(true);
    expect(suggestMix(reports, 1)).toBeUndefined();
    expect(suggestMix([], 4)).toBeUndefined();
    expect(tradeoff([])).toEqual([]);
    const blocks = reports.map((r) => ({ ...r, dtype: 'Q4_K' }));
    expect(Object.values(suggestMix(blocks, 32)?.choices ?? {}).some((c) => c.id === 'keep')).toBe(false);
  });

  test('the best method of a row under a budget', () => {
    const row = made('t', 2, 2, 1, [['rtn', 4, 0.1, 4.25], ['nf4', 4, 0.09, 4.25], ['kmeans', 4, 0.08, 5], ['rtn', 8, 0.01, 8.25]]);
    expect(bestUnder(row, 4.25)?.id).toBe('nf4');
    expect(bestUnder(row, 5)?.id).toBe('kmeans');
    expect(bestUnder(row, 99)?.bits).toBe(8);
    expect(bestUnder(row, 4)).toBeUndefined();
  });
});

test('the summary adds sizes and squares', () => {
  const reports = [
    made('model.layers.0.mlp.up_proj.weight', 10, 10, 2, [['rtn', 4, 0.1, 4.25], ['nf4', 4, 0.2, 4.5]]),
    made('model.layers.1.mlp.up_proj.weight', 10, 30, 1, [['rtn', 4, 0.3, 4.25]]),
  ];
  const skipped = [{ tensor: 'b', file: 'm', shape: [8], dtype: 'F32', bytes: 32, reason: 'b has the shape [8].' }];
  const s = summarise(reports, skipped);
  expect(s).toMatchObject({ tensors: 2, skipped: 1, weights: 400, bytes: 832, measuredBytes: 800 });
  const [rtn, nf4] = s.methods;
  expect(rtn.relativeError).toBeCloseTo(Math.sqrt((0.01 * 400 + 0.09 * 300) / 700), 12);
  expect(rtn.meanRelativeError).toBeCloseTo(0.2, 12);
  expect(rtn.bytes).toBe(Math.ceil(32 + (4.25 * 400) / 8));
  expect(nf4).toMatchObject({ tensors: 1, bytes: Math.ceil(832 - 200 + (4.5 * 100) / 8) });
  expect(s.byDepth.map((d) => [d.depth, d.errors.rtn])).toEqual([[0, 0.1], [1, 0.3]]);
  expect(s.byKind).toMatchObject([{ kind: 'mlp up', weights: 400 }]);
});

test.each([
  ['model.layers.12.self_attn.q_proj.weight', 12, 'attention q'], ['blk.3.ffn_down.weight', 3, 'mlp down'], ['transformer.h.7.attn.c_attn.weight', 7, 'attention qkv'],
  ['transformer.h.0.attn.c_proj.weight', 0, 'attention output'], ['transformer_blocks.4.attn.to_out.0.weight', 4, 'attention output'], ['encoder.layer.5.attention.self.value.weight', 5, 'attention v'],
  ['blk.11.attn_output.weight', 11, 'attention output'], ['model.layers.2.mlp.experts.17.gate_proj.weight', 2, 'mlp gate'], ['blk.0.ffn_up_exps.weight', 0, 'mlp up'],
  ['model.embed_tokens.weight', undefined, 'embedding'], ['token_embd.weight', undefined, 'embedding'], ['transformer.wte.weight', undefined, 'embedding'], ['lm_head.weight', undefined, 'output'], ['output.weight', undefined, 'output'],
  ['model.layers.9.input_layernorm.weight', 9, 'normalisation'], ['conv4.weight', 4, 'convolution'], ['lstm_cell.weight_ih', undefined, 'recurrent'], ['whatever', undefined, 'other'],
])('%s: layer %s, %s', (name, depth, kind) => {
  expect(depthOf(name)).toBe(depth);
  expect(kindOf(name)).toBe(kind);
});
