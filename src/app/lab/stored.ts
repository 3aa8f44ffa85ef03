/** Stored results of the presets: drawn before any engine is ready. */

import type { Run } from '../../run/run';
import { decodeRun } from '../../run/store';

const known = new Map<string, Promise<Run | undefined>>();

async function fetchRun(lab: string, preset: string): Promise<Run | undefined> {
  const response = await fetch(`presets/${lab}/${preset}.bin`);
  // A host may answer a missing file with a page of its own.
  if (!response.ok || response.headers.get('content-type')?.includes('html')) return undefined;
  return decodeRun(await response.arrayBuffer());
}

/** @returns undefined where nothing is stored or it cannot be read: the live result then comes first */
export function storedRun(lab: string, preset: string): Promise<Run | undefined> {
  const key = `${lab}/${preset}`;
  const run = known.get(key) ?? fetchRun(lab, preset).catch(() => undefined);
  known.set(key, run);
  return run;
}
