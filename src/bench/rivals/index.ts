/** The libraries that take part, each loaded only when it is asked for. */

import type { Rival, RivalId } from './rival';

export { RIVALS, type RivalInfo } from './list';
export type { Rival, RivalId, RivalOperation } from './rival';

/** Loads the library, opens its WebGPU backend and computes a first product. @throws where it cannot run on WebGPU here */
export async function openRival(id: RivalId): Promise<Rival> {
  if (id === 'tfjs') return (await import('./tfjs')).open();
  if (id === 'ort') return (await import('./ort')).open();
  return (await import('./jax')).open();
}
