/** The classifier that scripts/train-network.mjs trained with TensorFlow.js, and the drawings it is judged by. */

import { decodeF16 } from '../../../inputs/half';
import { drawDigits } from './digits';
import type { Layer, Network, Samples } from './network';
import { TRAINED } from './trained.data';

/** Streams of drawings that share no sample. */
export const PARTS = { training: 0, calibration: 1, evaluation: 2 } as const;

/** 144 → 64 → 32 → 10, in binary16: what quantization is compared with. */
export const trainedNetwork = (): Network => decodeNetwork(TRAINED.sizes, TRAINED.weights);

/** Drawings the network was not trained on; more of them begin with the same ones. */
export const trainedSamples = (part: 'calibration' | 'evaluation', count: number): Samples => drawDigits(PARTS[part], count);

/** @param base64 binary16 weights [out,in] and biases of each layer in turn */
export function decodeNetwork(sizes: readonly number[], base64: string): Network {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const needed = sizes.slice(1).reduce((sum, out, i) => sum + 2 * out * (sizes[i] + 1), 0);
  if (bytes.length !== needed) throw new RangeError(`The stored network holds ${bytes.length} bytes, but its sizes need ${needed}.`);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const take = (count: number): Float32Array => Float32Array.from({ length: count }, () => decodeF16(view.getUint16(2 * at++, true)));
  const layers = sizes.slice(1).map((out, i): Layer => ({ weights: take(out * sizes[i]), bias: take(out), out, in: sizes[i] }));
  return { id: 'trained', layers };
}

/** FNV-1a over pixels and labels of the first drawings of each part: tells whether the drawing code still draws the same. */
export function samplesHash(): string {
  let hash = 0x811c9dc5;
  const add = (byte: number): void => { hash = Math.imul(hash ^ byte, 0x01000193); };
  for (const part of Object.values(PARTS)) {
    const { x, labels } = drawDigits(part, 100);
    for (const v of x) add(Math.round(255 * v));
    labels.forEach(add);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
