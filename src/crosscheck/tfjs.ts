/**
 * A second opinion: the same products by TensorFlow.js, which shares no code with this repository. It is loaded only
 * when asked for, and runs on its own WebGPU device, or on its CPU backend where there is none.
 */

import type * as Tf from '@tensorflow/tfjs';

export interface CrossCheck {
  /** ‖theirs − ours‖_F / ‖theirs‖_F */
  readonly relativeDifference: number;
  /** 'TensorFlow.js 4.22.0, webgpu' */
  readonly by: string;
}

/** Y = X Wᵀ. x: [T,K], w: [N,K], both row-major. */
export interface Product {
  readonly tokens: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly x: Float32Array;
  readonly w: Float32Array;
}

/** Codes packed eight to a word along K, low nibble first, two's complement; one scale per row and group of K. */
export interface Quantized {
  readonly rows: number;
  readonly codes: Uint32Array;
  readonly scales: Float32Array;
}

let loaded: Promise<typeof Tf> | undefined;

/** TensorFlow.js with its WebGPU backend ready, or else its CPU backend. */
export function loadTfjs(): Promise<typeof Tf> {
  loaded ??= start();
  loaded.catch(() => { loaded = undefined; });
  return loaded;
}

async function start(): Promise<typeof Tf> {
  const [tf] = await Promise.all([import('@tensorflow/tfjs'), import('@tensorflow/tfjs-backend-webgpu')]);
  // Or small operands would quietly be multiplied on the CPU under the name of the GPU.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const ready = await tf.setBackend('webgpu').catch(() => false);
  if (!ready) await tf.setBackend('cpu');
  await tf.ready();
  return tf;
}

/** Compares a product computed here with theirs. @param ours [T,N] */
export async function crossCheckProduct({ tokens, inFeatures, outFeatures, x, w }: Product, ours: Float32Array): Promise<CrossCheck> {
  const tf = await loadTfjs();
  return compare(tf, ours, () => tf.matMul(tf.tensor2d(x, [tokens, inFeatures]), tf.tensor2d(w, [outFeatures, inFeatures]), false, true));
}

/** Compares a 4-bit product with the product of the dequantized operands. @param ours [T,N] */
export async function crossCheckQuantized(x: Quantized, w: Quantized, inFeatures: number, group: number, ours: Float32Array): Promise<CrossCheck> {
  const tf = await loadTfjs();
  return compare(tf, ours, () => tf.matMul(dequantize(tf, x, inFeatures, group), dequantize(tf, w, inFeatures, group), false, true));
}

/** [rows, K]: the nibbles of each word by integer arithmetic on tensors, then times the group's scale. */
function dequantize(tf: typeof Tf, { rows, codes, scales }: Quantized, inFeatures: number, group: number): Tf.Tensor2D {
  const words = Math.ceil(inFeatures / 8);
  const groups = Math.ceil(inFeatures / group);
  // The two halves of a word: a 32-bit float holds 16 bits exactly.
  const halves = Float32Array.from(new Uint16Array(codes.buffer, codes.byteOffset, 2 * codes.length));
  const shifted = [0, 1, 2, 3].map((place) => tf.tensor2d(halves, [rows, 2 * words]).div(16 ** place).floor().mod(16));
  const nibbles = tf.stack(shifted, 2).reshape<Tf.Tensor2D>([rows, 8 * words]);
  const signed = tf.where(nibbles.greaterEqual(8), nibbles.sub(16), nibbles).slice([0, 0], [rows, inFeatures]);
  const spread = tf.tensor3d(scales, [rows, groups, 1]).tile([1, 1, group]).reshape<Tf.Tensor2D>([rows, groups * group]);
  return signed.mul<Tf.Tensor2D>(spread.slice([0, 0], [rows, inFeatures]));
}

async function compare(tf: typeof Tf, ours: Float32Array, product: () => Tf.Tensor2D): Promise<CrossCheck> {
  const result = tf.tidy(product);
  const theirs = await result.data();
  result.dispose();
  if (theirs.length !== ours.length) throw new RangeError(`The product has ${theirs.length} numbers, but ${ours.length} were given to compare.`);
  let [difference, norm] = [0, 0];
  for (let i = 0; i < theirs.length; i++) {
    difference += (theirs[i] - ours[i]) ** 2;
    norm += theirs[i] ** 2;
  }
  const relativeDifference = Math.sqrt(norm > 0 ? difference / norm : difference);
  return { relativeDifference, by: `TensorFlow.js ${tf.version.tfjs}, ${tf.getBackend()}` };
}
