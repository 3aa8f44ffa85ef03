/** The libraries that can take part: what a reader is told before one is loaded. */

import type { RivalId } from './rival';

export interface RivalInfo {
  readonly id: RivalId;
  readonly name: string;
  /** What has to be loaded before it runs, compressed. Bytes, about. */
  readonly download: number;
  readonly site: string;
}

export const RIVALS: readonly RivalInfo[] = [
  { id: 'tfjs', name: 'TensorFlow.js', download: 365_000, site: 'https://www.tensorflow.org/js' },
  { id: 'ort', name: 'ONNX Runtime Web', download: 6_610_000, site: 'https://onnxruntime.ai/docs/tutorials/web/' },
  { id: 'jax', name: 'jax-js', download: 88_000, site: 'https://github.com/ekzhang/jax-js' },
];
