/** What the output ought to be, and errors measured against it. */

import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { withScope } from '../../engine/engine';
import { total } from '../../quant/errors';
import { exactOutput, uploadX, type Layer } from './layer';
import { addLora, makeLora, type Lora } from './lora';

/** GELU is never below −0.17; 11/64 more makes its output non-negative (deepcompressor, nunchaku). */
export const GELU_SHIFT = 11 / 64;

export interface Target {
  /** Y [T,N]: X Wᵀ, with the LoRA where there is one. */
  readonly y: Float32Array;
  /** ‖Y‖² */
  readonly squares: number;
  /** What undoes the shift of unsigned activations: −11/64 Σ_k W_nk, per output. */
  readonly bias?: Float32Array;
  readonly lora?: { readonly adapter: Lora; readonly seed: number; readonly strength: number; readonly yLora: Float32Array };
}

/** y + bias per output. */
export function addBias(y: Float32Array, bias: Float32Array | undefined): Float32Array {
  return bias ? y.map((v, i) => v + bias[i % bias.length]) : y;
}

export async function makeTarget(layer: Layer, strength: number, seed: number): Promise<Target> {
  const { outFeatures: N, inFeatures: K } = layer;
  const plain = await exactOutput(layer);
  const adapter = strength === 0 ? undefined : makeLora(seed, layer.w, N, K);
  const w = adapter ? addLora(layer.w, adapter, strength) : layer.w;
  const bias = layer.unsigned
    ? Float32Array.from({ length: N }, (_, n) => -GELU_SHIFT * total(w.subarray(n * K, (n + 1) * K)))
    : undefined;
  const output = adapter
    ? await layer.memo.get('Y with LoRA', [layer.xKey, layer.wKey, strength, seed], () => withScope(layer.engine, (scope) =>
      scope.readF32(scope.run(matmulNt, { a: uploadX(scope, layer), b: scope.upload(w, [N, K]) }).c)))
    : plain;
  const y = addBias(output, bias);
  let squares = 0;
  for (let i = 0; i < y.length; i++) squares += y[i] * y[i];
  return { y, squares, bias, lora: adapter && { adapter, seed, strength, yLora: output } };
}

/** √(error²/‖Y‖²); 0 where both are 0. */
export const relative = (squares: number, target: Target): number => (squares === 0 ? 0 : Math.sqrt(squares / target.squares));
