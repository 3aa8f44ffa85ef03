/** The laws of SqueezeLLM that are safe to assert, over ten seeds. */

import { describe, expect, test } from 'vitest';
import { csrMatvec } from '../../kernels/csr_matvec/csr_matvec';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { compareProducts } from '../../src/papers/squeezellm/products';
import { denseSparseOf, evenLevels, restore, type Settings } from '../../src/papers/squeezellm/methods';
import { schema, type SqueezellmParams } from '../../src/papers/squeezellm/params';
import { makeProblem, type Part, type Problem } from '../../src/papers/squeezellm/problem';
import { baseline, score } from '../../src/papers/squeezellm/score';
import type { MethodId } from '../../src/papers/squeezellm/names';
import { csrToDense } from '../../src/quant/csr';
import { Memo } from '../../src/run/memo';
import { defaultsOf } from '../../src/run/schema';

const SEEDS = Array.from({ length: 10 }, (_, i) => i);
const SETTINGS: Settings = { bits: 3, sensitivePercent: 0.05, outlierPercent: 0.4, solver: 'exact', seed: 0, group: 16 };

const problemOf = (over: Partial<SqueezellmParams>): Promise<Problem> =>
  makeProblem({ engine: new ReferenceEngine(), memo: new Memo(32), pause: () => Promise.resolve() }, { ...defaultsOf(schema), ...over }, {});

const TOYS: readonly Partial<SqueezellmParams>[] = [
  { source: 'self-labelled', calibration: 200, evaluation: 100 },
  { source: 'matrix', in: 70, out: 40, tokens: 64 },
];

const weighted = (w: Float32Array, part: Part, f?: Float32Array): number =>
  part.weights.reduce((sum, v, i) => sum + (f ? f[i] : 1) * (w[i] - v) ** 2, 0);

/** Of two optima that ought to be ordered: float32 storage of the levels may turn a tie. */
const SLACK = 1 + 1e-6;

describe.each(TOYS)('$source', (toy) => {
  test.each(SEEDS)('seed %i: each k-means minimises its own error, and none exceeds rounding', async (seed) => {
    const problem = await problemOf({ ...toy, seed });
    for (const part of problem.parts) {
      const of = async (id: MethodId): Promise<Float32Array> => (await restore(id, problem, part, SETTINGS))!.weights;
      const [rtn, plain, fisher] = [await of('rtn'), await of('kmeans'), await of('dense-only')];
      expect(weighted(fisher, part, part.sensitivity)).toBeLessThanOrEqual(weighted(plain, part, part.sensitivity) * SLACK);
      expect(weighted(plain, part)).toBeLessThanOrEqual(weighted(fisher, part) * SLACK);
      expect(weighted(plain, part)).toBeLessThanOrEqual(weighted(rtn, part) * SLACK);
    }
  });

  test.each(SEEDS)('seed %i: more bits, no more error', async (seed) => {
    const problem = await problemOf({ ...toy, seed });
    const [part] = problem.parts;
    let before = { plain: Infinity, fisher: Infinity };
    for (const bits of [2, 3, 4, 6, 8]) {
      const error = async (id: MethodId, f?: Float32Array): Promise<number> => weighted((await restore(id, problem, part, { ...SETTINGS, bits }))!.weights, part, f);
      const now = { plain: await error('kmeans'), fisher: await error('dense-only', part.sensitivity) };
      expect(now.plain).toBeLessThanOrEqual(before.plain * SLACK);
      expect(now.fisher).toBeLessThanOrEqual(before.fisher * SLACK);
      before = now;
    }
  });

  test.each(SEEDS)('seed %i: removed weights come back, dense and sparse make up Ŵ, bits are as the formula says', async (seed) => {
    const problem = await problemOf({ ...toy, seed });
    const [part] = problem.parts;
    const { split, codebooks, csr, zero, reconstructed, bitsPerWeight } = await denseSparseOf(problem, part, SETTINGS);
    const sparse = csrToDense(csr, part.cols);
    const wrong = part.weights.reduce<string[]>((found, w, i) => {
      const row = Math.floor(i / part.cols);
      const level = codebooks.book[row * 8 + codebooks.codes[i]];
      const kept = split.kind[i]
        ? level === zero[row] && Math.abs(reconstructed[i] - w) <= 2 ** -22 * Math.max(Math.abs(w), Math.abs(level))
        : sparse[i] === 0;
      return kept && reconstructed[i] === Math.fround(level + sparse[i]) ? found : [...found, `${i}: ${w} became ${reconstructed[i]}`];
    }, []);
    expect(wrong).toEqual([]);
    const share = csr.values.length / part.weights.length;
    expect(csr.values.length).toBe(split.sensitive + split.outliers);
    expect(bitsPerWeight).toBeCloseTo(3 + (16 * 8) / part.cols + 48 * share + (32 * (part.rows + 1)) / part.weights.length, 12);
  });

  test.each(SEEDS)('seed %i: sparse products plain, balanced and dense agree; packed products are Ŵx', async (seed) => {
    const problem = await problemOf({ ...toy, seed });
    const [part] = problem.parts;
    const form = await denseSparseOf(problem, part, { ...SETTINGS, outlierPercent: 4 });
    const differences = await compareProducts(problem, form);
    for (const difference of Object.values(differences)) expect(difference).toBeLessThan(1e-6);
    const [N, K] = [part.rows, part.cols];
    const x = Float32Array.from({ length: K }, (_, k) => Math.sin(1 + 0.7 * k));
    const y = await withScope(problem.engine, (scope) => {
      const { csr: { rowptr, cols, values } } = form;
      const at = { rowptr: scope.upload(rowptr, [N + 1]), cols: scope.upload(cols, [cols.length]), values: scope.upload(values, [values.length]) };
      return scope.readF32(scope.run(csrMatvec, { ...at, x: scope.upload(x, [K]) }, { dims: { N } }).y);
    });
    const dense = csrToDense(form.csr, K);
    y.forEach((v, n) => expect(v).toBeCloseTo(dense.subarray(n * K, (n + 1) * K).reduce((sum, s, k) => sum + s * x[k], 0), 4));
  });
});

test.each(SEEDS)('seed %i: loss of the self-labelled network: rounding > k-means > weighted > dense and sparse > 16 bits', async (seed) => {
  const problem = await problemOf({ source: 'self-labelled', seed, calibration: 4000, evaluation: 4000 });
  const loss = async (id: MethodId): Promise<number> => (await score(id, problem, SETTINGS))!.loss!;
  const losses = [await loss('rtn'), await loss('kmeans'), await loss('dense-only'), await loss('dense-and-sparse'), (await baseline(problem)).loss!];
  for (let i = 1; i < losses.length; i++) expect(losses[i], losses.join(' > ')).toBeLessThan(losses[i - 1]);
});

test('the levels drawn for rounding are the values that rounding yields', async () => {
  const problem = await problemOf({ source: 'matrix', in: 70, out: 12 });
  const [part] = problem.parts;
  for (const bits of [2, 3, 5]) {
    const levels = evenLevels(part, bits);
    const { weights } = (await restore('rtn', problem, part, { ...SETTINGS, bits }))!;
    weights.forEach((w, i) => {
      const row = Math.floor(i / part.cols);
      const nearest = Math.min(...levels.subarray(row << bits, (row + 1) << bits).map((level) => Math.abs(level - w)));
      expect(nearest).toBeLessThanOrEqual(1e-6 * Math.abs(w));
    });
  }
});

test('GPTQ on the grid of rounding yields only its levels', async () => {
  const problem = await problemOf({ source: 'matrix', in: 40, out: 6, tokens: 80 });
  const [part] = problem.parts;
  const levels = evenLevels(part, 3);
  const { weights } = (await restore('gptq', problem, part, SETTINGS))!;
  weights.forEach((w, i) => {
    const row = levels.subarray(8 * Math.floor(i / part.cols), 8 * Math.floor(i / part.cols) + 8);
    expect(Math.min(...row.map((level) => Math.abs(level - w)))).toBeLessThanOrEqual(1e-6 * Math.abs(w));
  });
});
