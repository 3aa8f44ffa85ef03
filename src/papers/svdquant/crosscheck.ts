/** Products of a run that another implementation can compute from the run's own tensors. */

import type { Product } from '../../crosscheck/tfjs';
import { transposed } from '../../inputs/matrix';
import type { Run, StageTensor } from '../../run/run';

export interface CheckableProduct {
  readonly label: string;
  readonly product: Product;
  /** [T,N] */
  readonly ours: Float32Array;
}

/** [T,A] and [T,B] side by side: [T,A+B]. */
function beside(a: StageTensor, b: StageTensor): Float32Array {
  const width = a.cols + b.cols;
  const out = new Float32Array(a.rows * width);
  for (let t = 0; t < a.rows; t++) {
    out.set(a.data.subarray(t * a.cols, (t + 1) * a.cols), t * width);
    out.set(b.data.subarray(t * b.cols, (t + 1) * b.cols), t * width + a.cols);
  }
  return out;
}

/** Weights are shown K × N and multiplied as [N,K]. */
const heldOf = (stage: StageTensor): Float32Array => transposed(stage.data, stage.rows, stage.cols);

/** Y = X W, and Ŷ = Q(X̂) Q(R) + X̂ L₁L₂ as one product of the operands joined along K. */
export function checkableProducts({ stages }: Run): readonly CheckableProduct[] {
  const { x, w, y, xs, qx, l, qr, yh } = stages;
  const out: CheckableProduct[] = [];
  const size = (k: number) => ({ tokens: x.rows, inFeatures: k, outFeatures: w.cols });
  if (x && w && y) out.push({ label: 'Y = XW', product: { ...size(x.cols), x: x.data, w: heldOf(w) }, ours: y.data });
  if (x && w && xs && qx && l && qr && yh) {
    const k = 2 * x.cols;
    const stacked = new Float32Array(l.data.length + qr.data.length);
    stacked.set(qr.data);
    stacked.set(l.data, qr.data.length);
    out.push({ label: '^Y = Q(^X)Q(R) + ^XL_1L_2', product: { ...size(k), x: beside(qx, xs), w: transposed(stacked, k, w.cols) }, ours: yh.data });
  }
  return out;
}
