/**
 * What was measured on this device, kept in the browser (IndexedDB, which workers have too). Of another browser version
 * nothing is believed. Where storage is refused, as in a private window, everything is simply measured again.
 */

import { createStore, get, set, type UseStore } from 'idb-keyval';
import type { ChoiceStore, VariantChoice } from '../engine/choices';
import type { Pace } from '../engine/pace';

interface Kept {
  readonly browser: string;
  readonly value: unknown;
}

/** Milliseconds: a store that is slow to open must not keep the lab waiting. */
const PATIENCE = 100;

let opened: UseStore | undefined;
const store = (): UseStore => (opened ??= createStore('paperkernels', 'measured'));

async function load<T>(key: string): Promise<T | undefined> {
  const reading = (async () => get<Kept>(key, store()))();
  const patience = new Promise<undefined>((resolve) => { setTimeout(() => resolve(undefined), PATIENCE); });
  const kept = await Promise.race([reading, patience]).catch(() => undefined);
  reading.catch(() => undefined);
  return kept?.browser === navigator.userAgent ? (kept.value as T) : undefined;
}

const save = async (key: string, value: unknown): Promise<void> => {
  try {
    await set(key, { browser: navigator.userAgent, value } satisfies Kept, store());
  } catch {
    // Not kept, then.
  }
};

export const keptChoices: ChoiceStore = {
  load: async (device) => (await load<readonly VariantChoice[]>(`choices ${device}`)) ?? [],
  save: (device, choices) => save(`choices ${device}`, choices),
};

/** Of a software adapter. */
export const keptPace = {
  load: (adapter: string): Promise<Pace | undefined> => load<Pace>(`pace ${adapter}`),
  save: (adapter: string, pace: Pace): Promise<void> => save(`pace ${adapter}`, pace),
};
