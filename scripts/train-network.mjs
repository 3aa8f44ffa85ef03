// Trains the small classifier of the SqueezeLLM lab with TensorFlow.js and writes its 16-bit weights.
//   node scripts/train-network.mjs            some ten minutes on one core: writes src/papers/squeezellm/network/trained.data.ts
//   node scripts/train-network.mjs --steps 3  the first steps alone: prints their losses as JSON, writes nothing
// Every step sees new drawings, so nothing is learnt by heart and the loss is that of the task itself.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, setup } from './setup.mjs';

setup();
const { runnerImport } = await import('vite');
const load = async (file) => (await runnerImport(join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { createRng } = await load('kernels/rng.ts');
const { encodeF16 } = await load('src/inputs/half.ts');
const { drawDigits } = await load('src/papers/squeezellm/network/digits.ts');
const { decodeNetwork, PARTS, samplesHash } = await load('src/papers/squeezellm/network/trained.ts');
const { evaluate } = await load('src/papers/squeezellm/network/network.ts');
const { ReferenceEngine } = await load('src/engine/reference.ts');
console.warn = () => {}; // TensorFlow.js advertises its native build
const tf = await import('@tensorflow/tfjs');

const SIZES = [144, 64, 32, 10];
const [SEED, STEPS, BATCH, RATE] = [7, 4000, 128, 4e-3];
const EVALUATED = 4000;

const asked = process.argv.indexOf('--steps');
const steps = asked < 0 ? STEPS : Number(process.argv[asked + 1]);
if (!Number.isInteger(steps) || steps < 1 || steps > STEPS) {
  console.error(`--steps needs a whole number from 1 to ${STEPS}.`);
  process.exit(2);
}

await tf.setBackend('cpu');
const rng = createRng(SEED);
const layers = SIZES.slice(1).map((out, i) => ({
  weights: tf.variable(tf.tensor2d(Float32Array.from({ length: out * SIZES[i] }, () => rng.normal() * Math.sqrt(2 / SIZES[i])), [out, SIZES[i]])),
  bias: tf.variable(tf.zeros([out])),
}));
const logits = (x) => layers.reduce((h, { weights, bias }, i) => (i === 0 ? h : tf.relu(h)).matMul(weights, false, true).add(bias), x);

const adam = tf.train.adam(RATE);
const losses = [];
for (let step = 0; step < steps; step++) {
  const { x, labels } = drawDigits(PARTS.training, BATCH, step * BATCH);
  adam.learningRate = (RATE * (1 + Math.cos((Math.PI * step) / STEPS))) / 2; // to 0, so that the last steps average the noise away
  const cost = tf.tidy(() => {
    const [a, y] = [tf.tensor2d(x, [BATCH, SIZES[0]]), tf.oneHot(tf.tensor1d(labels, 'int32'), SIZES.at(-1))];
    return adam.minimize(() => tf.losses.softmaxCrossEntropy(y, logits(a)), true);
  });
  losses.push(cost.dataSync()[0]);
  cost.dispose();
  if (step % 250 === 249) console.error(`step ${step + 1}: loss ${(losses.slice(-250).reduce((a, b) => a + b) / 250).toFixed(4)}`);
}

if (steps < STEPS) {
  console.log(JSON.stringify(losses));
} else {
  const stored = layers.flatMap(({ weights, bias }) => [...weights.dataSync(), ...bias.dataSync()]).map(encodeF16);
  const base64 = Buffer.from(Uint16Array.from(stored).buffer).toString('base64');
  const engine = new ReferenceEngine();
  const { loss, accuracy } = await evaluate(engine.scope(), decodeNetwork(SIZES, base64), drawDigits(PARTS.evaluation, EVALUATED));
  console.error(`16-bit weights on ${EVALUATED} drawings never trained on: loss ${loss.toFixed(4)}, ${(100 * accuracy).toFixed(2)} % right`);
  const told = {
    sizes: SIZES, seed: SEED, steps: STEPS, batch: BATCH, rate: RATE, firstLosses: losses.slice(0, 3),
    evaluation: { count: EVALUATED, loss, accuracy }, samples: samplesHash(),
  };
  const fields = Object.entries(told).map(([name, value]) => `  ${name}: ${JSON.stringify(value, null, 1).replaceAll(/(?<=[[\]])\n *|\n *(?=\])/g, '').replaceAll(/\n */g, ' ').replaceAll(/"(\w+)":/g, '$1:').replaceAll('"', "'")},`);
  writeFileSync(join(root, 'src/papers/squeezellm/network/trained.data.ts'), `/** Made by scripts/train-network.mjs. Do not edit. */
export const TRAINED = {
${fields.join('\n')}
  /** binary16, little endian: for each layer its weights [out,in], then its biases. */
  weights: '${base64}',
} as const;
`);
}
