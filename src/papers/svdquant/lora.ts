/** A LoRA joined to the branch by rank: nothing is rounded again (nunchaku convert_lora: down = [L₁'; A], up = [L₂, sB]). */

import { createRng } from '../../../kernels/rng';
import { norm } from '../../quant/errors';
import type { Branch } from './layer';

export interface Lora {
  readonly rank: number;
  /** A [r,K]: takes the raw X, so it needs no unsmoothing. */
  readonly down: Float32Array;
  /** B [N,r] */
  readonly up: Float32Array;
}

export const LORA_RANK = 4;

/** A seeded adapter; at strength 1, ‖BA‖ is about 0.3 ‖W‖. */
export function makeLora(seed: number, w: Float32Array, outFeatures: number, inFeatures: number, rank = LORA_RANK): Lora {
  const rng = createRng(seed ^ 0x10a4);
  const scale = (0.3 * norm(w)) / Math.sqrt(Math.max(1, w.length) * rank);
  const down = Float32Array.from({ length: rank * inFeatures }, () => rng.normal());
  const up = Float32Array.from({ length: outFeatures * rank }, () => scale * rng.normal());
  return { rank, down, up };
}

/** The branch of rank r + r_lora; changing the strength changes only `up`. */
export function joinLora(branch: Branch, lora: Lora, lambda: Float32Array, strength: number): Branch {
  const K = lambda.length;
  const rank = branch.rank + lora.rank;
  const N = lora.up.length / lora.rank;
  const up = new Float32Array(N * rank);
  for (let n = 0; n < N; n++) {
    up.set(branch.up.subarray(n * branch.rank, (n + 1) * branch.rank), n * rank);
    for (let j = 0; j < lora.rank; j++) up[n * rank + branch.rank + j] = strength * lora.up[n * lora.rank + j];
  }
  const raw = new Float32Array(rank * K);
  raw.set(branch.raw);
  raw.set(lora.down, branch.rank * K);
  const down = new Float32Array(rank * K);
  down.set(branch.down);
  for (let i = 0; i < lora.down.length; i++) down[branch.rank * K + i] = lora.down[i] * lambda[i % K];
  return { rank, up, down, raw };
}

/** W + s B A [N,K], float64 sums. */
export function addLora(w: Float32Array, lora: Lora, strength: number): Float32Array {
  const K = lora.down.length / lora.rank;
  return w.map((value, i) => {
    const [n, k] = [Math.floor(i / K), i % K];
    let sum = 0;
    for (let j = 0; j < lora.rank; j++) sum += lora.up[n * lora.rank + j] * lora.down[j * K + k];
    return value + strength * sum;
  });
}
