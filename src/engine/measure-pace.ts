/** Measures the pace of two engines, apart from `pace` so that a page that knows it need not load the kernel. */

import { matmul } from '../../kernels/matmul/matmul';
import { createRng } from '../../kernels/rng';
import { withScope, type Engine } from './engine';
import { PACE_SIDE, type Pace } from './pace';

const ROUNDS = 24;
const FEWEST = 4;
/** Seconds. Compiling is not in it: it happens once, and the page does not wait for it. */
const BUDGET = 0.12;

/** In turns, so that both meet the same load. @throws the signal's reason */
export async function measurePace(webgpu: Engine, reference: Engine, signal: AbortSignal): Promise<Pace> {
  const rng = createRng(1);
  const numbers = Float32Array.from({ length: PACE_SIDE ** 2 }, () => rng.normal());
  const trip = async (engine: Engine): Promise<number> => {
    signal.throwIfAborted();
    const start = performance.now();
    await withScope(engine, async (scope) => {
      const [a, b] = [scope.upload(numbers, [PACE_SIDE, PACE_SIDE]), scope.upload(numbers, [PACE_SIDE, PACE_SIDE])];
      await scope.readF32(scope.run(matmul, { a, b }).c);
    });
    return (performance.now() - start) / 1000;
  };
  for (const engine of [webgpu, reference]) for (let i = 0; i < 2; i++) await trip(engine); // compiled, on both sides
  const best = { webgpu: Infinity, reference: Infinity };
  const start = performance.now();
  for (let round = 0; round < ROUNDS && (round < FEWEST || performance.now() - start < 1000 * BUDGET); round++) {
    best.webgpu = Math.min(best.webgpu, await trip(webgpu));
    best.reference = Math.min(best.reference, await trip(reference));
  }
  return { ...best, measuredAt: Date.now() };
}
