import { expect, test } from 'vitest';
import { roundGroups } from '../../kernels/round_groups/round_groups';
import { createRng } from '../../kernels/rng';
import { ReferenceEngine } from '../../src/engine/reference';
import { activationAware, AWQ_POWERS, channelMeans, gramMatrix } from '../../src/quant/awq';

const [rows, cols, tokens] = [12, 32, 20];

test.each([1, 2, 3])('seed %d: the best of its powers, no worse than plain rounding, and its error is that of its weights', async (seed) => {
  const rng = createRng(seed);
  const weights = Float32Array.from({ length: rows * cols }, () => rng.normal());
  const x = Float32Array.from({ length: tokens * cols }, (_, i) => rng.normal() * (i % cols < 3 ? 12 : 1));
  const engine = new ReferenceEngine();
  const gram = await gramMatrix(engine, x, tokens, cols);
  const search = (powers?: readonly number[]): ReturnType<typeof activationAware> => activationAware(engine, {
    weights, rows, cols, means: channelMeans(x, tokens, cols), gram, powers,
    round: (scope, w) => scope.run(roundGroups, { x: w }, { dims: { G: cols }, scalars: { qmax: 3 } }).y,
  });
  const best = await search();
  const each = await Promise.all(AWQ_POWERS.map((power) => search([power])));
  expect(best.squares).toBe(Math.min(...each.map((e) => e.squares)));
  expect(best.power).toBeGreaterThan(0);
  let squares = 0;
  for (let t = 0; t < tokens; t++) {
    for (let n = 0; n < rows; n++) {
      let e = 0;
      for (let k = 0; k < cols; k++) e += x[t * cols + k] * (weights[n * cols + k] - best.weights[n * cols + k]);
      squares += e * e;
    }
  }
  expect(best.squares / squares).toBeCloseTo(1, 4);
});
