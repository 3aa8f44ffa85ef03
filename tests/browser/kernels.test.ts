/** Every kernel, every variant that this adapter can run, every case: on WebGPU, against its own oracle. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyKernel, Variant } from '../../kernels/define';
import { kernels } from '../../kernels/registry';
import { caseInputs } from '../../src/engine/cases';
import { compareOutputs } from '../../src/engine/compare';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';

// No adapter fails the run: a suite that skips its GPU half is green and proves nothing.
const engine = await WebGpuEngine.open(navigator.gpu);

/** Where a variant leaves an invocation to itself because its quad is not the one it counts on. */
const ASTRAY = /if \(!\w+\(id\)\) \{ alone\(/;

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
          const wrong = Object.entries(compareOutputs(kernel, out, oracle, id)).filter(([, { ok }]) => !ok);
          expect(wrong.map(([output, { detail }]) => `${output}: ${detail}`)).toEqual([]);
        });
      }

      // Quads that are no line of neighbours cannot be had here, so the path for them is taken on purpose.
      for (const variant of kernel.variants.filter(({ id, wgsl }) => served.has(id) && ASTRAY.test(wgsl))) {
        const name = served.get(variant.id)!.at(-1)!;
        test(`${variant.id} without its neighbours' help, ${name}`, async () => {
          const { dims, scalars = {}, ...entry } = kernel.cases.find((c) => c.name === name)!;
          const inputs = caseInputs(kernel, { dims, scalars, ...entry });
          const out = await engine.runOnce(kernel, inputs, dims, { scalars, variant: variant.id, wgsl: variant.wgsl.replace(ASTRAY, 'if (true) { alone(') });
          const wrong = Object.entries(compareOutputs(kernel, out, kernel.reference(inputs, dims, scalars))).filter(([, { ok }]) => !ok);
          expect(wrong.map(([output, { detail }]) => `${output}: ${detail}`)).toEqual([]);
        });
      }

      for (const variant of skipped.filter(({ requires }) => requires?.includes('shader-f16'))) {
        const lowered = inFloat32(kernel, variant);
        const served = kernel.cases.filter(({ dims }) => engine.variantsFor(lowered, dims).length > 0);
        test.for(served.map(({ name }) => name))(`${variant.id}, its text with f16 lowered to f32 because this adapter has no f16, %s`, async (name) => {
          const { dims, scalars = {}, ...entry } = kernel.cases.find((c) => c.name === name)!;
          const inputs = caseInputs(kernel, { dims, scalars, ...entry });
          const out = await engine.runOnce(lowered, inputs, dims, { scalars, variant: variant.id });
          const wrong = Object.entries(compareOutputs(kernel, out, kernel.reference(inputs, dims, scalars))).filter(([, { ok }]) => !ok);
          expect(wrong.map(([output, { detail }]) => `${output}: ${detail}`)).toEqual([]);
        });
      }
    });
  }
});

/** The same text in 32-bit floats: its indices, guards and barriers are tested, its rounding is not. */
function inFloat32(kernel: AnyKernel, variant: Variant): AnyKernel {
  const wgsl = variant.wgsl.replaceAll(/^enable f16;$/gm, '').replaceAll(/\bf16\b/g, 'f32').replaceAll(/\b(vec[234]|mat[234]x[234])h\b/g, '$1f');
  const requires = variant.requires?.filter((feature) => feature !== 'shader-f16');
  return { ...kernel, variants: [{ ...variant, wgsl, requires, file: `${variant.file} in f32`, lossy: undefined }] };
}
