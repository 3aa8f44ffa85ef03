/** Every kernel, every variant that this adapter can run, every case: on WebGPU, against its own oracle. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernels } from '../../kernels/registry';
import { caseInputs } from '../../src/engine/cases';
import { compareOutputs } from '../../src/engine/compare';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';

// No adapter fails the run: a suite that skips its GPU half is green and proves nothing.
const engine = await WebGpuEngine.open(navigator.gpu);

describe('kernels against their oracles', () => {
  beforeAll(() => {
    const { label, features } = engine.device;
    console.log(`WebGPU on ${label}; features ${features.join(', ') || 'none'}; ${kernels.length} kernels`);
  });
  afterAll(() => engine.dispose());

  for (const kernel of kernels) {
    describe(`${kernel.name}`, () => {
      const served = new Map<string, string[]>();
      for (const entry of kernel.cases) for (const id of engine.variantsFor(kernel, entry.dims)) served.set(id, [...(served.get(id) ?? []), entry.name]);
      const skipped = kernel.variants.filter(({ id }) => !served.has(id));
      for (const { id, requires } of skipped) console.log(`${kernel.name} ${id}: not run here (needs ${requires?.join(', ') ?? 'other sizes'})`);

      test('has cases, and a default variant for each', () => {
        expect(kernel.cases.length).toBeGreaterThan(0);
        const unserved = kernel.cases.filter(({ dims }) => engine.variantsFor(kernel, dims).length === 0);
        expect(unserved.map(({ name }) => name)).toEqual([]);
      });
      for (const [id, names] of served) {
        test.for(names)(`${id} %s`, async (name) => {
          const { dims, scalars = {}, ...entry } = kernel.cases.find((c) => c.name === name)!;
          const inputs = caseInputs(kernel, { dims, scalars, ...entry });
          const oracle = kernel.reference(inputs, dims, scalars);
          const out = await engine.runOnce(kernel, inputs, dims, { scalars, variant: id });
          const wrong = Object.entries(compareOutputs(kernel, out, oracle)).filter(([, { ok }]) => !ok);
          expect(wrong.map(([output, { detail }]) => `${output}: ${detail}`)).toEqual([]);
        });
      }
    });
  }
});
