/** Times of the lab's kernels on one layer of a stated size, by the engine's timing contract; one timing a patch. */

import type { AnyKernel, Data, Dims } from '../../../kernels/define';
import { codebookCsrMatvec } from '../../../kernels/codebook_csr_matvec/codebook_csr_matvec';
import { codebookMatmul } from '../../../kernels/codebook_matmul/codebook_matmul';
import { codebookMatvec } from '../../../kernels/codebook_matvec/codebook_matvec';
import { csrAddCarries } from '../../../kernels/csr_add_carries/csr_add_carries';
import { csrMatvec } from '../../../kernels/csr_matvec/csr_matvec';
import { balancedSchedule, balancedStarts, csrMatvecBalanced } from '../../../kernels/csr_matvec_balanced/csr_matvec_balanced';
import { bitWords } from '../../../kernels/formats/bits';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { createRng, type Rng } from '../../../kernels/rng';
import { matrixKey } from '../../inputs/matrix';
import type { Csr } from '../../quant/csr';
import type { DenseSparse } from '../../quant/dense-sparse';
import type { RunPatch, TimedKernel } from '../../run/run';
import { timeKernel, type KernelLaunch } from '../timed';
import { PAPER_SIDE } from './cost';
import { KERNEL_LABELS } from './names';
import type { Problem } from './problem';

/** A processor takes seconds for the paper's size. */
const SOFTWARE_SIDE = 512;

const launch = (kernel: object, inputs: Readonly<Record<string, Data>>, dims: Dims): KernelLaunch => ({ kernel: kernel as AnyKernel, inputs, dims });

/** A larger sparse matrix with this run's share and its unevenness: row n is as full as the run's row n of as many. */
function enlarged({ csr }: DenseSparse, share: number, side: number, rng: Rng): Csr {
  const rows = csr.rowptr.length - 1;
  const total = Math.max(1, csr.values.length);
  const rowptr = new Uint32Array(side + 1);
  let [due, sum] = [0, 0];
  for (let n = 0; n < side; n++) {
    const like = Math.floor((n * rows) / side);
    due += ((csr.rowptr[like + 1] - csr.rowptr[like]) / total) * (rows / side) * share * side * side;
    sum += Math.min(side, Math.round(due) - sum);
    rowptr[n + 1] = sum;
  }
  const cols = new Uint32Array(sum);
  for (let n = 0; n < side; n++) {
    const count = rowptr[n + 1] - rowptr[n];
    const first = rng.below(side);
    const columns = Uint32Array.from({ length: count }, (_, i) => (first + Math.floor((i * side) / count)) % side).sort();
    cols.set(columns, rowptr[n]);
  }
  return { rowptr, cols, values: Float32Array.from({ length: sum }, () => rng.normal()) };
}

function launches(side: number, bits: number, batch: number, csr: Csr, rng: Rng): KernelLaunch[] {
  const [N, K, B, Z] = [side, side, bits, csr.values.length];
  const normal = (length: number): Float32Array => Float32Array.from({ length }, () => rng.normal());
  const x = normal(K);
  // A row of K = 32·m codes fills its words exactly, so that any words are codes.
  const codes = Uint32Array.from({ length: N * bitWords(K, B) }, () => rng.below(2 ** 32));
  const packed = { codes, book: normal(N * 2 ** B) };
  const { threads: S } = balancedSchedule(Z);
  const sparse = { rowptr: csr.rowptr, cols: csr.cols, values: csr.values };
  const list = [
    launch(matmulNt, { a: x, b: normal(N * K) }, { M: 1, N, K }),
    launch(codebookMatvec, { x, ...packed }, { N, K, B }),
    launch(codebookCsrMatvec, { x, ...packed, ...sparse }, { N, K, B, Z }),
    launch(csrMatvec, { ...sparse, x }, { N, K, Z }),
    launch(csrMatvecBalanced, { ...sparse, x, starts: balancedStarts(csr.rowptr, S) }, { N, K, Z, S }),
    launch(csrAddCarries, { rowptr: csr.rowptr, partial: normal(N), carries: normal(S) }, { N, Z, S }),
  ].filter(({ dims }) => dims.Z !== 0);
  return batch > 1 ? [...list, launch(codebookMatmul, { x: normal(batch * K), ...packed }, { T: batch, N, K, B })] : list;
}

export async function* timings({ engine, memo, pause }: Problem, form: DenseSparse, batch: number, signal: AbortSignal): AsyncGenerator<RunPatch> {
  const { codebooks: { rows, cols, bits }, csr } = form;
  const side = engine.kind === 'webgpu' && !engine.device.software ? PAPER_SIDE : SOFTWARE_SIDE;
  const rng = createRng(1);
  const larger = enlarged(form, csr.values.length / Math.max(1, rows * cols), side, rng);
  const done: TimedKernel[] = [];
  const timer = { engine, memo, signal, budget: 0.2 };
  const pattern = matrixKey(side + 1, 1, Float32Array.from(larger.rowptr));
  for (const one of launches(side, bits, batch, larger, rng)) {
    // How the nonzeros lie decides the time of a sparse product.
    done.push(await timeKernel(timer, KERNEL_LABELS[one.kernel.name] ?? one.kernel.name, one, 'rowptr' in one.inputs ? pattern : null));
    await pause();
    yield { kernels: [...done] };
  }
}
