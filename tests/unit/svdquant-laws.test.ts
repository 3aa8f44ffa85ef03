/** The laws of SVDQuant that are safe to assert, over ten seeds. */

import { describe, expect, test } from 'vitest';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { norm } from '../../src/quant/errors';
import { makeInputs } from '../../src/papers/svdquant/inputs';
import { errorCorrection, lowRankOnly, roundOnly } from '../../src/papers/svdquant/baselines';
import { forward } from '../../src/papers/svdquant/forward';
import { exactOutput, smoothed, unsmoothed, uploadX, weightBranch, weightFactors, type Layer } from '../../src/papers/svdquant/layer';
import { addLora, joinLora, makeLora } from '../../src/papers/svdquant/lora';
import { oneShot, quantizeLayer, score, scorePair, searchSmoothing, smoothingCandidates } from '../../src/papers/svdquant/method';
import { schema, type MethodOptions, type SvdquantParams } from '../../src/papers/svdquant/params';
import { refine } from '../../src/papers/svdquant/refine';
import { Memo } from '../../src/run/memo';
import { defaultsOf } from '../../src/run/schema';
import { matmulNt } from '../../kernels/matmul_nt/matmul_nt';

const SEEDS = Array.from({ length: 10 }, (_, i) => i);
const INT4: MethodOptions = { format: { kind: 'int4', group: 64 }, rank: 8, svd: 'auto', execution: 'fused', residual: 'rtn' };
const NVFP4: MethodOptions = { ...INT4, format: { kind: 'nvfp4', ties: 'larger', divideByUnrounded: false } };

function layerOf(over: Partial<SvdquantParams>): Layer {
  const params = { ...defaultsOf(schema), tokens: 48, in: 96, out: 96, outliers: 5, ...over };
  return { ...makeInputs(params, {}).layer, engine: new ReferenceEngine(), memo: new Memo(32), pause: () => Promise.resolve() };
}

const tail = (s: ArrayLike<number>, from: number): number => norm(Array.from(s).slice(from));

describe.each(SEEDS)('seed %i', (seed) => {
  test.each([['INT4', INT4], ['NVFP4', NVFP4]] as const)('%s: round only > SVD only > smoothing > SVDQuant, LoRC > SVDQuant, refined <= one shot', async (_name, o) => {
    const layer = layerOf({ seed });
    const s = await smoothed(layer, 0.5, 0.5);
    const rtn = (await roundOnly(layer, unsmoothed(layer), o)).squares;
    const smooth = (await roundOnly(layer, s, o)).squares;
    const lowrank = (await lowRankOnly(layer, o)).squares;
    const lorc = (await errorCorrection(layer, s, o)).squares;
    const { squares } = await oneShot(layer, s, o);
    const refined = await refine(layer, s, o, 6);
    expect(rtn).toBeGreaterThan(lowrank);
    expect(lowrank).toBeGreaterThan(smooth);
    expect(smooth).toBeGreaterThan(squares);
    expect(lorc).toBeGreaterThan(squares);
    expect(refined.squares[0]).toBeCloseTo(squares, 6);
    expect(refined.squares[refined.best]).toBeLessThanOrEqual(refined.squares[0]);
  });

  test('NVFP4 is below INT4 at g 64; fused and separate kernels agree', async () => {
    const layer = layerOf({ seed });
    const s = await smoothed(layer, 0.5, 0.5);
    const fused = await oneShot(layer, s, INT4);
    const separate = await oneShot(layer, s, { ...INT4, execution: 'separate' });
    expect((await oneShot(layer, s, NVFP4)).squares).toBeLessThan(fused.squares);
    expect(separate.weightCodes?.codes).toEqual(fused.weightCodes?.codes);
    expect(separate.xCodes?.codes).toEqual(fused.xCodes?.codes);
    expect(norm(fused.y.map((v, i) => v - separate.y[i])) / norm(fused.y)).toBeLessThan(1e-6);
  });

  test('smoothing changes nothing before rounding', async () => {
    const layer = layerOf({ seed });
    const s = await smoothed(layer, 0.5, 0.5);
    const exact = await exactOutput(layer);
    const y = await withScope(layer.engine, (scope) => scope.readF32(scope.run(matmulNt, { a: scope.upload(s.xs, [48, 96]), b: scope.upload(s.ws, [96, 96]) }).c));
    expect(norm(y.map((v, i) => v - exact[i])) / norm(exact)).toBeLessThan(1e-6);
  });

  test('the error falls with rank, and ‖R‖ is the tail of the spectrum', async () => {
    const layer = layerOf({ seed });
    const s = await smoothed(layer, 0.5, 0.5);
    const { svd } = await weightFactors(layer, s, 'auto', 32);
    let [before, residual] = [Infinity, Infinity];
    for (const rank of [0, 4, 8, 16, 32]) {
      const outcome = await quantizeLayer(layer, s, await weightBranch(layer, s, 'auto', rank), { ...INT4, rank });
      expect(outcome.squares).toBeLessThan(before);
      expect(norm(outcome.residual)).toBeLessThanOrEqual(residual);
      expect(norm(outcome.residual)).toBeCloseTo(tail(svd.s, rank), 3);
      [before, residual] = [outcome.squares, norm(outcome.residual)];
    }
  });

  test('a LoRA joined to the branch is W + sBA without rounding anything again', async () => {
    const layer = layerOf({ seed });
    const s = await smoothed(layer, 0.5, 0.5);
    const lora = makeLora(seed, layer.w, 96, 96);
    const plain = await oneShot(layer, s, INT4);
    const joined = joinLora(plain.branch, lora, s.lambda, 0.7);
    const difference = await withScope(layer.engine, async (scope) => {
      const codes = plain.weightCodes!;
      const weights = { format: INT4.format, rows: 96, cols: 96, group: 64, tensorScale: 1, packed: { codes: scope.upload(codes.codes, [96, 12]), scales: scope.upload(codes.scales, [96, 2]) } };
      const { y } = await forward(scope, uploadX(scope, layer), { ...INT4, lambda: s.lambda, weights, branch: joined });
      const b = scope.upload(addLora(new Float32Array(96 * 96), lora, 0.7), [96, 96]);
      const added = await scope.readF32(scope.run(matmulNt, { a: uploadX(scope, layer), b }).c);
      const output = await scope.readF32(y);
      return norm(output.map((v, i) => v - plain.y[i] - added[i])) / norm(output);
    });
    expect(difference).toBeLessThan(1e-6);
  });
});

test.each([0, 1, 2])('seed %i: the searched pair is no worse than any candidate, and the last of equals wins', async (seed) => {
  const layer = layerOf({ seed, tokens: 16, in: 32, out: 24, outliers: 2 });
  const o = { ...INT4, rank: 4 };
  const best = await searchSmoothing(layer, o);
  const candidates = smoothingCandidates();
  expect(candidates).toHaveLength(39);
  const scored = await Promise.all(candidates.map((p) => scorePair(layer, p.alpha, p.beta, o)));
  const smallest = Math.min(...scored.map((p) => p.squares));
  expect(best).toEqual(scored.filter((p) => p.squares === smallest).at(-1));
});

test('rank-1 weights at rank 1 leave no error, though X is rounded', async () => {
  const layer = layerOf({ tokens: 8, in: 16, out: 8, outliers: 1 });
  const w = Float32Array.from({ length: 8 * 16 }, (_, i) => (1 + Math.floor(i / 16)) * (1 + (i % 16)) / 64);
  const rankOne: Layer = { ...layer, w, wKey: 'rank one' };
  const s = unsmoothed(rankOne);
  const squares = await score(rankOne, s, await weightBranch(rankOne, s, 'exact', 1), { ...INT4, rank: 1 });
  expect(Math.sqrt(squares) / norm(await exactOutput(rankOne))).toBeLessThan(1e-6);
});
