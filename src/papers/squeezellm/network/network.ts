/** A classifier small enough to measure its loss after every change: linear layers, ReLU between, softmax cross entropy. */

import { fisherDiagonal } from '../../../../kernels/fisher_diagonal/fisher_diagonal';
import { matmul } from '../../../../kernels/matmul/matmul';
import { matmulNt } from '../../../../kernels/matmul_nt/matmul_nt';
import type { Scope, Tensor } from '../../../engine/engine';

export interface Layer {
  /** [N,K] = [out,in] */
  readonly weights: Float32Array;
  /** [N]; biases are never quantized. */
  readonly bias: Float32Array;
  /** N */
  readonly out: number;
  /** K */
  readonly in: number;
}

export interface Network {
  readonly id: string;
  readonly layers: readonly Layer[];
}

export interface Samples {
  /** [T,D] */
  readonly x: Float32Array;
  /** [T], below `classes`. */
  readonly labels: Uint8Array;
  /** T */
  readonly count: number;
  /** D */
  readonly features: number;
  readonly classes: number;
}

interface Forward {
  /** What enters each layer, [T,K]. */
  readonly inputs: Float32Array[];
  /** [T,C], float32. */
  readonly logits: Float32Array;
}

function demand({ id, layers }: Network, s: Samples): void {
  if (s.count < 1) throw new RangeError('A loss needs at least one sample.');
  if (layers[0]?.in !== s.features) throw new RangeError(`The network ${id} takes ${layers[0]?.in ?? 0} features, but the samples have ${s.features}.`);
}

/** Products on the engine; bias and ReLU where the activations are wanted anyway, on the host. */
async function forward(scope: Scope, { layers }: Network, { x, count }: Samples): Promise<Forward> {
  const inputs: Float32Array[] = [];
  let h = x;
  for (const [i, { weights, bias, out, in: features }] of layers.entries()) {
    inputs.push(h);
    const [a, b] = [i === 0 ? scope.hold(h, [count, features]) : scope.upload(h, [count, features]), scope.hold(weights, [out, features])];
    const { c } = scope.run(matmulNt, { a, b });
    h = await scope.readF32(c);
    for (const tensor of [a, b, c]) scope.free(tensor);
    const last = i === layers.length - 1;
    for (let from = 0; from < h.length; from += out) {
      for (let n = 0; n < out; n++) {
        const z = h[from + n] + bias[n];
        h[from + n] = last || z > 0 ? z : 0;
      }
    }
  }
  return { inputs, logits: h };
}

/** ln Σ exp of one row, about its maximum. */
function logSumExp(logits: Float32Array, at: number, classes: number): number {
  let most = -Infinity;
  for (let c = 0; c < classes; c++) most = Math.max(most, logits[at + c]);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(logits[at + c] - most);
  return most + Math.log(sum);
}

/**
 * Mean cross entropy in nats, share of samples named rightly (0 to 1), and what entered each layer [T,K].
 * @throws RangeError when the samples do not fit the network
 */
export async function evaluate(scope: Scope, n: Network, s: Samples): Promise<{ loss: number; accuracy: number; inputs: Float32Array[] }> {
  demand(n, s);
  const { inputs, logits } = await forward(scope, n, s);
  const { classes, count, labels } = s;
  let [loss, right] = [0, 0];
  for (let t = 0; t < count; t++) {
    const at = t * classes;
    loss += logSumExp(logits, at, classes) - logits[at + labels[t]];
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[at + c] > logits[at + best]) best = c;
    if (best === labels[t]) right++;
  }
  return { loss: loss / count, accuracy: right / count, inputs };
}

/**
 * F per layer [N,K]: the mean over samples of the squared gradient of that sample's loss (SqueezeLLM, section 4.1).
 * @throws RangeError when the samples do not fit the network
 */
export async function fisherDiagonals(scope: Scope, n: Network, s: Samples): Promise<Float32Array[]> {
  demand(n, s);
  const { inputs, logits } = await forward(scope, n, s);
  const { classes, count, labels } = s;
  // The loss by the logits: softmax − one-hot of the label.
  const first = new Float32Array(count * classes);
  for (let t = 0; t < count; t++) {
    const from = t * classes;
    const total = logSumExp(logits, from, classes);
    for (let c = 0; c < classes; c++) first[from + c] = Math.exp(logits[from + c] - total) - (c === labels[t] ? 1 : 0);
  }
  const found: Tensor[] = [];
  let delta = scope.upload(first, [count, classes]);
  for (let i = n.layers.length - 1; i >= 0; i--) {
    const { weights, out, in: features } = n.layers[i];
    found.unshift(scope.run(fisherDiagonal, { delta, x: scope.upload(inputs[i], [count, features]) }).f);
    if (i === 0) break;
    const back = await scope.readF32(scope.run(matmul, { a: delta, b: scope.hold(weights, [out, features]) }).c);
    for (let at = 0; at < back.length; at++) if (inputs[i][at] === 0) back[at] = 0; // ReLU passed nothing
    delta = scope.upload(back, [count, features]);
  }
  return await scope.readAll(found) as Float32Array[];
}
