/** The libraries that take part, each loaded only when it is asked for. */

import type { Rival, RivalId } from './rival';

export type { Rival, RivalId, RivalOperation } from './rival';

export interface RivalInfo {
  readonly id: RivalId;
  readonly name: string;
  /** What has to be loaded before it runs, compressed. Bytes, about. */
  readonly download: number;
  readonly site: string;
}

export const RIVALS: readonly RivalInfo[] = [
  { id: 'tfjs', name: 'TensorFlow.js', download: 290_000, site: 'https://www.tensorflow.org/js' },
  { id: 'ort', name: 'ONNX Runtime Web', download: 6_660_000, site: 'https://onnxruntime.ai/docs/tutorials/web/' },
  { id: 'jax', name: 'jax-js', download: 97_000, site: 'https://github.com/ekzhang/jax-js' },
];

/** Loads the library, opens its WebGPU backend and computes a first product. @throws where it cannot run on WebGPU here */
export async function openRival(id: RivalId): Promise<Rival> {
  if (id === 'tfjs') return (await import('./tfjs')).open();
  if (id === 'ort') return (await import('./ort')).open();
  return (await import('./jax')).open();
}
