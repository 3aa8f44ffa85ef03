/** Dense and sparse on WebGPU: one launch against two, plain against balanced, and the same bits every time. */

import { afterAll, describe, expect, test } from 'vitest';
import { codebookCsrMatvec } from '../../kernels/codebook_csr_matvec/codebook_csr_matvec';
import { codebookMatvec } from '../../kernels/codebook_matvec/codebook_matvec';
import { csrAddCarries } from '../../kernels/csr_add_carries/csr_add_carries';
import { csrMatvec } from '../../kernels/csr_matvec/csr_matvec';
import { balancedStarts, csrMatvecBalanced } from '../../kernels/csr_matvec_balanced/csr_matvec_balanced';
import { randomCodebook } from '../../kernels/random-codebook';
import { everyRow, innerRows, middleRow, randomCsr } from '../../kernels/random-csr';
import { createRng } from '../../kernels/rng';
import { withScope } from '../../src/engine/engine';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';

const engine = await WebGpuEngine.open(navigator.gpu);
afterAll(() => engine.dispose());

const variants = (kernel: { readonly variants: readonly { readonly id: string }[] }): string[] => kernel.variants.map(({ id }) => id);

/** The largest difference as a share of the largest number. */
const apart = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((v, i) => Math.abs(v - b[i]))) / Math.max(...a.map(Math.abs));
};

const LAYOUTS = { 'every row': everyRow, 'inner rows': innerRows, 'one dense row': middleRow };
const [N, K, B] = [45, 1500, 3];

describe.each(Object.entries(LAYOUTS))('%s', (_, layout) => {
  const rng = createRng(5);
  const csr = randomCsr(rng, { N, K, Z: 1400 }, layout);
  const coded = randomCodebook(rng, { N, K, B });
  const x = Float32Array.from({ length: K }, () => rng.normal());
  const starts = balancedStarts(csr.rowptr);

  /** Every form of the product, by name; each is run twice. */
  const products = () =>
    withScope(engine, async (scope) => {
      const rowptr = scope.upload(csr.rowptr, [N + 1]);
      const sparse = { rowptr, cols: scope.upload(csr.cols, [csr.cols.length]), values: scope.upload(csr.values, [csr.cols.length]), x: scope.upload(x, [K]) };
      const dense = { x: sparse.x, codes: scope.upload(coded.codes, [N, Math.ceil(K / 32) * B]), book: scope.upload(coded.book, [N, 2 ** B]) };
      const share = scope.upload(starts, [starts.length]);
      const outputs = [0, 1].flatMap(() => [
        ...variants(csrMatvec).map((variant) => ({ name: `plain ${variant}`, y: scope.run(csrMatvec, sparse, { dims: { N }, variant }).y })),
        ...variants(csrMatvecBalanced).map((variant) => {
          const parts = scope.run(csrMatvecBalanced, { ...sparse, starts: share }, { dims: { N }, variant });
          return { name: `balanced ${variant}`, y: scope.run(csrAddCarries, { rowptr, ...parts }, { dims: { Z: csr.cols.length } }).y };
        }),
        ...variants(codebookMatvec).map((variant) => ({ name: `dense ${variant}`, y: scope.run(codebookMatvec, dense, { dims: { B }, variant }).y })),
        ...variants(codebookCsrMatvec).map((variant) => ({ name: `both ${variant}`, y: scope.run(codebookCsrMatvec, { ...dense, ...sparse }, { dims: { B }, variant }).y })),
      ]);
      const read = (await scope.readAll(outputs.map(({ y }) => y))) as Float32Array[];
      return outputs.map(({ name }, i) => ({ name, y: read[i] }));
    });

  test('balanced is plain, one launch is two, and a repeat gives the same bits', async () => {
    const all = await products();
    const [first, again] = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
    expect(again).toEqual(first);
    const named = new Map(first.map(({ name, y }) => [name, y]));
    const plain = named.get('plain thread')!;
    const two = named.get('dense rows')!.map((v, n) => v + plain[n]);
    for (const variant of variants(csrMatvecBalanced)) expect(apart(plain, named.get(`balanced ${variant}`)!)).toBeLessThan(1e-5);
    for (const variant of variants(codebookMatvec)) expect(apart(named.get('dense rows')!, named.get(`dense ${variant}`)!)).toBeLessThan(1e-5);
    for (const variant of variants(codebookCsrMatvec)) expect(apart(two, named.get(`both ${variant}`)!)).toBeLessThan(1e-5);
  });
});
