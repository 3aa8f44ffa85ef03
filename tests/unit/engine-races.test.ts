/** Kernels with barriers, run in lockstep by an interpreter: no two invocations may meet in memory between barriers. */

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { detectRaces, type RaceDetectionResult } from 'wgsl_reflect/wgsl_reflect.module.js';
import { allocate, type AnyCase, type AnyKernel, type Variant } from '../../kernels/define';
import { kernels } from '../../kernels/registry';
import { sizeOf, evalShape } from '../../kernels/shape';
import { caseInputs } from '../../src/engine/cases';
import { boundBytes } from '../../src/engine/webgpu/queue';
import { packUniforms } from '../../src/engine/webgpu/uniforms';

const BARRIER = /workgroupBarrier\(\);/g;

const found = kernels.flatMap((kernel) => kernel.variants.filter(({ wgsl }) => wgsl.match(BARRIER)).map((variant) => ({ kernel, variant, title: `${kernel.name} ${variant.id}` })));

/** The interpreter passes over a barrier that opens a block (something must stand before it) and knows no 16-bit floats. */
const seen = (wgsl: string): string => wgsl.replace('enable f16;', '').replaceAll('f16', 'f32').replaceAll(/\{(\s*)workgroupBarrier\(\);/g, '{$1let nothing = 0u; workgroupBarrier();');

/** The interpreter takes milliseconds a line: the smallest case that the variant serves and that has no empty tensor. */
function smallest(kernel: AnyKernel, { fits = () => true }: Variant): AnyCase {
  const work = ({ dims }: AnyCase): number => sizeOf(Object.values(dims));
  return kernel.cases.filter((entry) => work(entry) > 0 && fits(entry.dims)).toSorted((a, b) => work(a) - work(b))[0];
}

/** Buffers of whole vec4s, as the engine binds them. */
const padded = (data: ArrayLike<number> & ArrayBufferView, size: number): ArrayBuffer => {
  const bytes = new Uint8Array(boundBytes(size));
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return bytes.buffer;
};

function races(kernel: AnyKernel, variant: Variant, wgsl: string): RaceDetectionResult {
  const entry = smallest(kernel, variant);
  const { dims, scalars = {} } = entry;
  const inputs = Object.values(caseInputs(kernel, entry)).map((data) => padded(data, data.length));
  const outputs = Object.values(kernel.outputSpecs).map((spec) => {
    const data = allocate(spec.dtype, sizeOf(evalShape(spec, dims)));
    return padded(data, data.length);
  });
  const bound = [{ uniform: packUniforms(kernel, dims, scalars) }, ...inputs, ...outputs];
  return detectRaces(seen(wgsl), 'main', [...variant.launch(dims)], { 0: Object.fromEntries(bound.map((buffer, binding) => [binding, buffer])) });
}

describe('races in workgroup memory', () => {
  // It also logs every operator whose value it cannot compute. Values are the GPU tests' business; places are ours.
  const silenced = (['log', 'warn', 'error'] as const).map((method) => vi.spyOn(console, method));
  beforeAll(() => silenced.forEach((spy) => spy.mockImplementation(() => {})));
  afterAll(() => silenced.forEach((spy) => spy.mockRestore()));

  test('there are kernels with barriers to look at', () => expect(found.length).toBeGreaterThan(0));

  test.for(found)('$title', { timeout: 90_000 }, ({ kernel, variant }) => {
    const { races: meetings, errors } = races(kernel, variant, variant.wgsl);
    expect(errors).toEqual([]);
    expect(meetings.slice(0, 3).map(({ message }) => message)).toEqual([]);
  });

  test('the detector sees a barrier that is missing', () => {
    const { kernel, variant } = found.find((one) => one.title === 'sum_squares workgroup')!;
    expect(races(kernel, variant, variant.wgsl.replaceAll(BARRIER, '')).races.length).toBeGreaterThan(0);
  });
});
