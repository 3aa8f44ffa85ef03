/** The compute worker: ComputeService behind Comlink. */

import * as Comlink from 'comlink';
import { openEngine } from '../engine/open';
import type { Paper } from '../papers/contract';
import { ComputeService } from './compute-service';

const found = import.meta.glob<{ readonly paper: Paper }>('../papers/*/paper.ts');

Comlink.expose(new ComputeService({
  open: (choice) => openEngine(choice, navigator.gpu),
  papers: Object.fromEntries(Object.entries(found).map(([path, load]) => [path.split('/')[2], load])),
  kernels: async () => (await import('../../kernels/registry')).kernels,
}));
