/** Host data of a case table's entry: the same numbers in tests, benchmarks and "verify on this device". */

import { allocate, type AnyCase, type AnyKernel, type Data, type Dims, type Scalars } from '../../kernels/define';
import { createRng } from '../../kernels/rng';
import { evalShape, sizeOf } from '../../kernels/shape';
import { EngineError } from './engine';

/** FNV-1a, so that a case keeps its numbers wherever it stands in the table. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** What the case gives; else normal deviates for f32 and uniform words for integers. */
export function caseInputs(kernel: AnyKernel, entry: AnyCase): Record<string, Data> {
  const rng = createRng(seedOf(`${kernel.name}/${entry.name}`));
  const given = entry.inputs?.(rng, entry.dims) ?? {};
  return Object.fromEntries(
    Object.entries(kernel.inputSpecs).map(([name, spec]) => {
      const known = given[name];
      if (known) return [name, known];
      const data = allocate(spec.dtype, sizeOf(evalShape(spec, entry.dims)));
      for (let i = 0; i < data.length; i++) data[i] = spec.dtype === 'f32' ? rng.normal() : rng.below(2 ** 32);
      return [name, data];
    }),
  );
}

/** Random numbers this many at a time; larger tensors repeat them, for drawing millions would take longer than the timing. */
const BLOCK = 1 << 16;

/** What a case gives at other sizes; undefined where its numbers are written out for its own. */
function givenAt(kernel: AnyKernel, entry: AnyCase, dims: Dims): Record<string, Data | undefined> | undefined {
  try {
    const given = entry.inputs?.(createRng(1), dims) ?? {};
    const right = Object.entries(given).every(([name, data]) => data?.length === sizeOf(evalShape(kernel.inputSpecs[name], dims)));
    return right ? given : undefined;
  } catch {
    return undefined; // one dense row, say, that cannot hold so many nonzeros
  }
}

/**
 * Inputs of any size, of the kind the kernel's own cases have: row pointers that ascend, labels that exist. Whatever
 * happens to lie in a buffer will not do, for a loop may run as far as a number in it says.
 * @throws EngineError where no case of the kernel can be made at these sizes
 */
export function sampleInputs(kernel: AnyKernel, dims: Dims): { inputs: Record<string, { data: Data; shape: number[] }>; scalars: Scalars } {
  let [entry, given]: [AnyCase | undefined, ReturnType<typeof givenAt>] = [undefined, undefined];
  for (const one of kernel.cases) {
    given = givenAt(kernel, one, dims);
    if (!given) continue;
    entry = one;
    break;
  }
  if (!entry || !given) throw new EngineError('internal', `${kernel.name} has no case that could be made at these sizes.`, 'Use other sizes.');
  const rng = createRng(1);
  const inputs = Object.fromEntries(Object.entries(kernel.inputSpecs).map(([name, spec]) => {
    const shape = evalShape(spec, dims);
    const known = given?.[name];
    if (known) return [name, { data: known, shape }];
    const data = allocate(spec.dtype, sizeOf(shape));
    const drawn = Math.min(data.length, BLOCK);
    for (let i = 0; i < drawn; i++) data[i] = spec.dtype === 'f32' ? rng.normal() : rng.below(2 ** 32);
    for (let end = drawn; end < data.length; end *= 2) data.copyWithin(end, 0, Math.min(end, data.length - end));
    return [name, { data, shape }];
  }));
  return { inputs, scalars: entry.scalars ?? {} };
}
