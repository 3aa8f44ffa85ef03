/** What the reader must know about the engine: why it is not the one wanted, or that its times are a processor's. */

import type { Opened } from '../engine/open';
import type { EngineStatus } from './compute';

export function statusNotices({ engine, instead }: Opened, losses: number): EngineStatus['notices'] {
  const notices: EngineStatus['notices'][number][] = [];
  if (instead) {
    notices.push({ level: 'degraded', code: instead.code, happened: instead.happened, mend: instead.mend });
  } else if (losses > 0) {
    notices.push({ level: 'information', code: 'device-lost', happened: 'The GPU device was lost and has been opened again.', mend: 'A run that it interrupted is repeated.' });
  }
  if (engine.device.software) {
    notices.push({
      level: 'information',
      code: 'software-adapter',
      happened: `WebGPU runs on the processor here (${engine.device.label}).`,
      mend: "Numbers are right; times are a processor’s, not a GPU’s.",
    });
  }
  return notices;
}
