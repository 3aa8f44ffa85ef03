/** Starts the compute worker. The first may start before the page that will talk to it is there. */

import { startWorker } from './start-worker';
import script from './worker.ts?worker&url';

let waiting: Worker | undefined;

/** @param lab whose method the worker fetches at once; '' for none. Its name tells the worker. */
export function startComputeWorker(lab: string): void {
  waiting = startWorker(script, `compute ${lab}`);
}

/** The one that waits, or a new one. */
export function computeWorker(): Worker {
  const worker = waiting ?? startWorker(script, 'compute');
  waiting = undefined;
  return worker;
}
