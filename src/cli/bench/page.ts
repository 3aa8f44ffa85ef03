/** The page side of the benchmark: driven by browser.ts, which opens this page in a headless Chromium. */

import { runBench } from '../../bench/bench';
import type { BenchReport } from '../../bench/report';
import { WebGpuEngine } from '../../engine/webgpu/engine';
import { kernelsOf, type Plan } from './plan';

declare global {
  interface Window {
    /** Set here, called by browser.ts. */
    paperkernelsBench: (plan: Plan) => Promise<BenchReport>;
    /** Set by browser.ts. */
    paperkernelsProgress: (line: string) => void;
  }
}

window.paperkernelsBench = async (plan) => {
  const engine = await WebGpuEngine.open(navigator.gpu);
  try {
    return await runBench(engine, {
      host: 'browser', kernels: kernelsOf(plan), proof: plan.proof, rivals: plan.rivals, rounds: plan.rounds,
      onEvent(event) {
        if (event.kind === 'progress' && event.done < event.planned) window.paperkernelsProgress(`${event.done + 1} of ${event.planned}  ${event.what}`);
      },
    });
  } finally {
    engine.dispose();
  }
};
