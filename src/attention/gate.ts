/** Which layers and steps stay dense. Follows svg/models/{wan,hyvideo,cog}/{attention,inference}.py and the scripts' flags. */

import type { Variant } from './masks';

export interface GateOptions {
  /** first_layers_fp: share of the first layers that stay dense. */
  readonly layers: number;
  /** first_times_fp: share of the first denoising steps that stay dense. */
  readonly steps: number;
}

/** Dense where layer < layers or t > time. */
export interface DenseGate {
  readonly layers: number;
  readonly time: number;
}

/** CogVideoX counts its layers by this number, not by those of the model. */
const COG_LAYERS = 42;

/**
 * Wan, HunyuanVideo: ⌊share · layers⌋ layers, and the steps before timesteps[n − 1] − 1, n = ⌊share · steps⌋. With n = 0
 * the time is 1001, which no step exceeds. CogVideoX: 42 · share layers, and t > 1000 (1 − share).
 * @param timesteps of the scheduler, falling, within 0 … 1000
 */
export function denseGate(variant: Variant, { layers, steps }: GateOptions, layerCount: number, timesteps: ArrayLike<number>): DenseGate {
  if (variant === 'cog') return { layers: COG_LAYERS * layers, time: 1000 * (1 - steps) };
  const n = Math.floor(steps * timesteps.length);
  return { layers: Math.floor(layers * layerCount), time: n === 0 ? 1001 : timesteps[n - 1] - 1 };
}

export const isDense = (gate: DenseGate, layer: number, time: number): boolean => layer < gate.layers || time > gate.time;
