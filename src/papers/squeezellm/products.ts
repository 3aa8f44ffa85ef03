/** The product with one vector by every kernel: from packed codes in one launch and in two, sparse plain and balanced. */

import { packBits } from '../../../kernels/formats/bits';
import { createRng } from '../../../kernels/rng';
import { codebookCsrMatvec } from '../../../kernels/codebook_csr_matvec/codebook_csr_matvec';
import { codebookMatvec } from '../../../kernels/codebook_matvec/codebook_matvec';
import { csrAddCarries } from '../../../kernels/csr_add_carries/csr_add_carries';
import { csrMatvec } from '../../../kernels/csr_matvec/csr_matvec';
import { balancedSchedule, balancedStarts, csrMatvecBalanced } from '../../../kernels/csr_matvec_balanced/csr_matvec_balanced';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { withScope } from '../../engine/engine';
import type { DenseSparse } from '../../quant/dense-sparse';
import { difference, norm } from '../../quant/errors';
import type { Problem } from './problem';

const relative = (a: Float32Array, b: Float32Array): number => {
  const d = norm(difference(a, b));
  return d === 0 ? 0 : d / norm(b);
};

/** ‖a − b‖/‖b‖ of balanced against plain sparse, and of the packed products against Ŵx. */
export async function compareProducts({ engine, parts, chosen }: Problem, { codebooks, csr, reconstructed }: DenseSparse): Promise<Record<string, number>> {
  const { rows: N, cols: K, inputs } = parts[chosen];
  const { bits: B } = codebooks;
  const vector = (await inputs?.x())?.slice(0, K) ?? Float32Array.from({ length: K }, ((rng) => () => rng.normal())(createRng(0)));
  return withScope(engine, async (scope) => {
    const x = scope.upload(vector, [K]);
    const packed = { x, codes: scope.upload(packBits(codebooks.codes, N, K, B), [N, Math.ceil(K / 32) * B]), book: scope.upload(codebooks.book, [N, 2 ** B]) };
    const Z = csr.values.length;
    const rowptr = scope.upload(csr.rowptr, [N + 1]);
    const sparse = { rowptr, cols: scope.upload(csr.cols, [Z]), values: scope.upload(csr.values, [Z]) };
    const { threads: S } = balancedSchedule(Z);
    const exact = scope.run(matmulNt, { a: scope.upload(vector, [1, K]), b: scope.upload(reconstructed, [N, K]) }).c;
    const dense = scope.run(codebookMatvec, packed, { dims: { B } }).y;
    const plain = scope.run(csrMatvec, { ...sparse, x }, { dims: { N } }).y;
    const { partial, carries } = scope.run(csrMatvecBalanced, { ...sparse, x, starts: scope.upload(balancedStarts(csr.rowptr, S), [S]) }, { dims: { N } });
    const balanced = scope.run(csrAddCarries, { rowptr, partial, carries }, { dims: { Z } }).y;
    const one = scope.run(codebookCsrMatvec, { ...packed, ...sparse }, { dims: { B } }).y;
    const [y, d, p, b, f] = await scope.readAll([exact, dense, plain, balanced, one]) as Float32Array[];
    return { sparseDifference: relative(b, p), oneLaunchDifference: relative(f, y), twoLaunchDifference: relative(d.map((v, n) => v + b[n]), y) };
  });
}
