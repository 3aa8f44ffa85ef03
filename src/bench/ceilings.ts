/** The two measured ceilings of the roofline: a plain copy and chains of multiply-adds. */

import { copy } from '../../kernels/copy/copy';
import type { AnyKernel } from '../../kernels/define';
import { fma } from '../../kernels/fma/fma';
import { caseInputs } from '../engine/cases';
import type { Engine } from '../engine/engine';
import type { BenchRow, CeilingRates } from './report';
import { benchCase } from './shapes';

/** Of each kernel the fastest variant's. @throws the signal's reason */
export async function measureCeilings(engine: Engine, signal?: AbortSignal): Promise<CeilingRates> {
  if (engine.kind === 'reference') {
    const known = await engine.ceilings();
    return { bytesPerSecond: known.copy.bytesPerSecond, flopsPerSecond: known.fma.flopsPerSecond };
  }
  const rate = async (kernel: AnyKernel, of: 'bytes' | 'flops'): Promise<number> => {
    const entry = benchCase(kernel, engine.device.software);
    const inputs = caseInputs(kernel, entry);
    let best = 0;
    for (const variant of engine.variantsFor(kernel, entry.dims)) {
      const { median } = await engine.measure(kernel, inputs, entry.dims, { variant, budget: 0.15, signal });
      best = Math.max(best, kernel.cost(entry.dims)[of] / median);
    }
    return best;
  };
  return { bytesPerSecond: await rate(copy as unknown as AnyKernel, 'bytes'), flopsPerSecond: await rate(fma as unknown as AnyKernel, 'flops') };
}

/** The best that was seen: at either end, or in the rows of the two kernels themselves. */
export function bestOf(measured: readonly CeilingRates[], rows: readonly BenchRow[]): CeilingRates {
  const best = (kernel: string, of: 'bytesPerSecond' | 'flopsPerSecond'): number =>
    Math.max(...measured.map((rates) => rates[of]), ...rows.filter((row) => row.kernel === kernel && row.kind === 'variant').map((row) => row[of] ?? 0));
  return { bytesPerSecond: best('copy', 'bytesPerSecond'), flopsPerSecond: best('fma', 'flopsPerSecond') };
}
