/** The compute worker: ComputeService behind Comlink. */

import * as Comlink from 'comlink';
import { openEngine } from '../engine/open';
import { ReferenceEngine } from '../engine/reference';
import { WebGpuEngine } from '../engine/webgpu/engine';
import type { Paper } from '../papers/contract';
import { ComputeService } from './compute-service';
import { keptChoices, keptPace } from './kept';

const found = import.meta.glob<{ readonly paper: Paper }>('../papers/*/paper.ts');
const papers = Object.fromEntries(Object.entries(found).map(([path, load]) => [path.split('/')[2], load]));

// The lab that the page will ask for stands behind this worker's name.
void papers[self.name.split(' ')[1]]?.().catch(() => undefined);

Comlink.expose(new ComputeService({
  open: (choice) => openEngine(choice, navigator.gpu, { store: keptChoices, settleLater: true, paceOf: keptPace.load }),
  papers,
  kernels: async () => (await import('../../kernels/registry')).kernels,
  async pace(engine, { key }, signal) {
    const { measurePace } = await import('../engine/measure-pace');
    const own = engine.kind === 'webgpu';
    const webgpu = own ? engine : await WebGpuEngine.open(navigator.gpu);
    try {
      const pace = await measurePace(webgpu, own ? new ReferenceEngine() : engine, signal);
      await keptPace.save(key, pace);
      return pace;
    } finally {
      if (!own) webgpu.dispose();
    }
  },
}));
