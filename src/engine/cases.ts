/** Host data of a case table's entry: the same numbers in tests, benchmarks and "verify on this device". */

import { allocate, type AnyCase, type AnyKernel, type Data } from '../../kernels/define';
import { createRng } from '../../kernels/rng';
import { evalShape, sizeOf } from '../../kernels/shape';

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
