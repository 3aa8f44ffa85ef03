/** The page side of the benchmark: driven by browser.ts, which opens this page in a headless Chromium. */

import { runBench } from '../../bench/bench';
import type { BenchReport } from '../../bench/report';
import { measureWholeRuns } from './whole-runs';
import { WebGpuEngine } from '../../engine/webgpu/engine';
import { labs } from '../labs';
import { kernelsOf, progressOf, type Plan } from './plan';

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
      ...(plan.wholeRuns && { wholeRuns: (signal) => measureWholeRuns(engine, labs.values(), plan.rounds, signal) }),
      onEvent: progressOf(window.paperkernelsProgress),
    });
  } finally {
    engine.dispose();
  }
};
