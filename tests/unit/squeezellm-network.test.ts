import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { evaluate, fisherDiagonals, selfLabelled, trainedNetwork, trainedSamples, type Layer, type Network, type Samples } from '../../src/papers/squeezellm/network';
import { drawDigits } from '../../src/papers/squeezellm/network/digits';
import { decodeNetwork, PARTS, samplesHash } from '../../src/papers/squeezellm/network/trained';
import { TRAINED } from '../../src/papers/squeezellm/network/trained.data';

const lossOf = (n: Network, s: Samples): ReturnType<typeof evaluate> => withScope(new ReferenceEngine(), (scope) => evaluate(scope, n, s));
const fisherOf = (n: Network, s: Samples): Promise<Float32Array[]> => withScope(new ReferenceEngine(), (scope) => fisherDiagonals(scope, n, s));

const layerOutput = ({ weights, bias, out, in: k }: Layer, h: readonly number[]): number[] =>
  Array.from({ length: out }, (_, n) => h.reduce((sum, v, at) => sum + weights[n * k + at] * v, bias[n]));
const logits = ({ layers }: Network, x: ArrayLike<number>): number[] =>
  layers.reduce<number[]>((h, layer, i) => layerOutput(layer, i ? h.map((z) => Math.max(0, z)) : h), Array.from(x));

/** Loss and weight gradients of one sample, plain loops in float64. */
function backprop({ layers }: Network, x: ArrayLike<number>, label: number): { loss: number; gradients: Float64Array[] } {
  const inputs: number[][] = [];
  let h = Array.from(x);
  for (const [i, layer] of layers.entries()) {
    inputs.push(i ? h.map((z) => Math.max(0, z)) : h);
    h = layerOutput(layer, inputs[i]);
  }
  const most = Math.max(...h);
  const mass = h.map((z) => Math.exp(z - most));
  const total = mass.reduce((a, b) => a + b);
  let delta = mass.map((m, c) => m / total - (c === label ? 1 : 0));
  const gradients: Float64Array[] = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const { weights, in: k } = layers[i];
    const into = inputs[i];
    gradients.unshift(Float64Array.from(weights, (_, at) => delta[Math.floor(at / k)] * into[at % k]));
    delta = into.map((v, at) => (v > 0 ? delta.reduce((sum, d, n) => sum + d * weights[n * k + at], 0) : 0));
  }
  return { loss: Math.log(total) + most - h[label], gradients };
}

const rowOf = ({ x, features }: Samples, t: number): Float32Array => x.subarray(t * features, (t + 1) * features);
const sumSquares = (values: ArrayLike<number>): number => Array.prototype.reduce.call<ArrayLike<number>, [(a: number, b: number) => number, number], number>(values, (sum, v) => sum + v * v, 0);

describe('loss and Fisher diagonal', () => {
  const toy = selfLabelled(3, { features: 7, hidden: 6, classes: 5 });
  const samples = toy.calibration(40);

  test('are those of a plain loop over samples', async () => {
    const each = Array.from({ length: 40 }, (_, t) => backprop(toy.network, rowOf(samples, t), samples.labels[t]));
    const { loss } = await lossOf(toy.network, samples);
    expect(loss).toBeCloseTo(each.reduce((sum, s) => sum + s.loss, 0) / 40, 5);
    const found = await fisherOf(toy.network, samples);
    expect(found).toHaveLength(2);
    for (const [i, f] of found.entries()) {
      const plain = Float64Array.from(f, (_, at) => each.reduce((sum, s) => sum + s.gradients[i][at] ** 2, 0) / 40);
      const gap = sumSquares(plain.map((v, at) => v - f[at])) / sumSquares(plain);
      expect(gap).toBeLessThan(1e-10);
    }
  });
  test('gradients are those of finite differences', () => {
    for (const t of [0, 5]) {
      const { gradients } = backprop(toy.network, rowOf(samples, t), samples.labels[t]);
      for (const [i, at] of [[0, 3], [0, 20], [1, 7], [1, 29]]) {
        const moved = (by: number): number => backprop({
          ...toy.network, layers: toy.network.layers.map((layer, l) => (l === i ? { ...layer, weights: Float64Array.from(layer.weights, (w, j) => (j === at ? w + by : w)) as unknown as Float32Array } : layer)),
        }, rowOf(samples, t), samples.labels[t]).loss;
        expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(gradients[i][at], 6);
      }
    }
  });
  test('TensorFlow.js finds the same loss', async () => {
    const tf = await import('@tensorflow/tfjs');
    await tf.setBackend('cpu');
    const drawings = trainedSamples('evaluation', 50);
    const { layers } = trainedNetwork();
    const theirs = tf.tidy(() => {
      const logits = layers.reduce((h, { weights, bias, out, in: k }, i) => (i ? tf.relu(h) : h).matMul(tf.tensor2d(weights, [out, k]), false, true).add(tf.tensor1d(bias)), tf.tensor2d(drawings.x, [50, 144]) as ReturnType<typeof tf.matMul>);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d(Array.from(drawings.labels), 'int32'), 10), logits).dataSync()[0];
    });
    expect((await lossOf(trainedNetwork(), drawings)).loss).toBeCloseTo(theirs, 5);
  });
  test('samples that do not fit are refused with both sizes', async () => {
    await expect(lossOf(trainedNetwork(), samples)).rejects.toThrow('takes 144 features, but the samples have 7');
    await expect(fisherOf(trainedNetwork(), trainedSamples('calibration', 0))).rejects.toThrow('at least one sample');
  });
});

describe('the trained network', () => {
  test('is what its file says: sizes, loss and accuracy on drawings it never saw', async () => {
    const { count, loss, accuracy } = TRAINED.evaluation;
    const found = await lossOf(trainedNetwork(), trainedSamples('evaluation', count));
    expect(trainedNetwork().layers.map((l) => [l.in, l.out])).toEqual([[144, 64], [64, 32], [32, 10]]);
    expect(found.loss).toBeCloseTo(loss, 6);
    expect(found.accuracy).toBeCloseTo(accuracy, 6);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(accuracy).toBeLessThan(0.99);
    expect(found.inputs.map((h) => h.length / count)).toEqual([144, 64, 32]);
  });
  test('was trained on the drawings that are drawn here, from the seed it names', async () => {
    expect(samplesHash()).toBe(TRAINED.samples);
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/train-network.mjs', '--steps', String(TRAINED.firstLosses.length)]);
    expect(JSON.parse(stdout)).toEqual(TRAINED.firstLosses);
  }, 60_000);
  test('is near its optimum: gradients of samples cancel', () => {
    const samples = trainedSamples('evaluation', 250);
    const n = trainedNetwork();
    let each = 0;
    const mean = n.layers.map((l) => new Float64Array(l.weights.length));
    for (let t = 0; t < samples.count; t++) {
      backprop(n, rowOf(samples, t), samples.labels[t]).gradients.forEach((g, i) => {
        each += sumSquares(g) / samples.count;
        for (let at = 0; at < g.length; at++) mean[i][at] += g[at] / samples.count;
      });
    }
    // Of independent samples at the very optimum 1/250 of the square would remain.
    expect(mean.reduce((sum, g) => sum + sumSquares(g), 0) / each).toBeLessThan(4 / 250);
  });
  test('feels nothing where no pen reaches, and more where more ink is', async () => {
    const [first] = await fisherOf(trainedNetwork(), trainedSamples('calibration', 500));
    const felt = Float64Array.from({ length: 144 }, (_, k) => first.reduce((sum, f, at) => (at % 144 === k ? sum + f : sum), 0));
    expect([felt[0], felt[11], felt[132], felt[143]]).toEqual([0, 0, 0, 0]);
    const mean = (pixels: Float64Array): number => pixels.reduce((a, b) => a + b) / pixels.length;
    expect(mean(felt.slice(0, 12))).toBeLessThan(mean(felt.slice(60, 72)) / 10);
  });
  test('a file cut short is refused', () => {
    expect(() => decodeNetwork([2, 3], 'AAAA')).toThrow('holds 3 bytes, but its sizes need 18');
    expect(() => decodeNetwork([1, 1], 'AAAAAAAA')).toThrow('holds 6 bytes, but its sizes need 4');
  });
});

describe('drawings', () => {
  test('do not depend on how many are drawn', () => {
    const [few, many, tail] = [drawDigits(1, 3), drawDigits(1, 20), drawDigits(1, 2, 18)];
    expect(many.x.subarray(0, few.x.length)).toEqual(few.x);
    expect(many.x.subarray(18 * 144)).toEqual(tail.x);
    expect([...many.labels.subarray(18)]).toEqual([...tail.labels]);
  });
  test('are whole 255ths with ink in each; every digit occurs, and the parts share none', () => {
    const all = Object.values(PARTS).map((part) => drawDigits(part, 400));
    for (const { x, labels } of all) {
      expect(x.every((v) => v >= 0 && v <= 1 && Math.fround(Math.round(v * 255) / 255) === v)).toBe(true);
      expect(new Set(labels).size).toBe(10);
    }
    const texts = all.flatMap((s) => Array.from({ length: s.count }, (_, t) => rowOf(s, t).join()));
    expect(new Set(texts).size).toBe(1200);
    expect(texts.some((text) => /^[0,]*$/.test(text))).toBe(false);
  });
});

describe('the self-labelled network', () => {
  test('is the same for a seed, with samples that begin alike', () => {
    const [a, b] = [selfLabelled(1), selfLabelled(1)];
    expect(a.network).toEqual(b.network);
    expect(a.calibration(9).x.subarray(0, 5 * 48)).toEqual(b.calibration(5).x);
    expect(a.evaluation(5).x).not.toEqual(a.calibration(5).x);
    expect(selfLabelled(2).network.layers[0].weights).not.toEqual(a.network.layers[0].weights);
    expect(a.network.layers.map((l) => [l.in, l.out])).toEqual([[48, 48], [48, 16]]);
  });
  test.each([0, 1, 2])('seed %d: its labels are draws from its own softmax, so its loss is its entropy', async (seed) => {
    const { network, evaluation } = selfLabelled(seed);
    const samples = evaluation(4000);
    const { loss } = await lossOf(network, samples);
    let entropy = 0;
    for (let t = 0; t < samples.count; t++) {
      const z = logits(network, rowOf(samples, t));
      const total = Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0));
      entropy += z.reduce((sum, v) => sum + (total - v) * Math.exp(v - total), 0) / samples.count;
    }
    expect(Math.abs(loss - entropy)).toBeLessThan(0.06);
  });
});
