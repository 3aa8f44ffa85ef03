/** The page side of the benchmark: driven by run.ts, which opens this page in a headless Chromium. */

import { kernels } from '../../kernels/registry';
import { WebGpuEngine } from '../engine/webgpu/engine';
import type { Rival } from './contenders';
import type { BenchReport } from './report';
import { RIVALLED, jaxRival, tfjsRival } from './rivals';
import { runSuite } from './suite';

export interface PageOptions {
  readonly only: readonly string[];
  readonly rounds: number;
  readonly jaxVersion: string;
}

declare global {
  interface Window {
    /** Set here, called by run.ts. */
    paperkernelsBench: (options: PageOptions) => Promise<BenchReport>;
    /** Set by run.ts. */
    paperkernelsProgress: (line: string) => void;
  }
}

window.paperkernelsBench = async ({ only, rounds, jaxVersion }) => {
  const chosen = kernels.filter(({ name }) => only.length === 0 || only.includes(name));
  const rivals: Rival[] = [];
  const notes: string[] = [];
  if (chosen.some(({ name }) => RIVALLED.includes(name))) {
    for (const open of [tfjsRival, () => jaxRival(jaxVersion)]) {
      await open().then((rival) => rivals.push(rival), (error: unknown) => notes.push(`A rival did not take part: ${String(error)}`));
    }
  }
  const engine = await WebGpuEngine.open(navigator.gpu);
  try {
    return await runSuite(engine, chosen, { host: 'browser', rounds, rivals, notes, progress: window.paperkernelsProgress });
  } finally {
    engine.dispose();
  }
};
