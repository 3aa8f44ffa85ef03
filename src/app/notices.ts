/** What the reader must know about the engine: why it is not the one wanted, or that its times are a processor's. */

import type { Opened } from '../engine/open';
import { PACE_SIDE, type Pace } from '../engine/pace';
import type { EngineStatus } from './compute';

/** How WebGPU does against plain TypeScript on a software adapter, as measured here. */
export function paceSentence({ webgpu, reference }: Pace): string {
  const ratio = webgpu / reference;
  const product = `a product of two ${PACE_SIDE} × ${PACE_SIDE} matrices`;
  if (ratio >= 1.05) return `Measured here, ${product} takes WebGPU ${ratio.toFixed(1)} times as long as plain TypeScript.`;
  if (ratio <= 0.95) return `Measured here, WebGPU does ${product} ${(1 / ratio).toFixed(1)} times as fast as plain TypeScript, once its shaders are compiled.`;
  return `Measured here, ${product} takes WebGPU as long as plain TypeScript.`;
}

export function statusNotices({ engine, instead, software }: Opened, losses: number): EngineStatus['notices'] {
  const notices: EngineStatus['notices'][number][] = [];
  if (instead) {
    notices.push({ level: 'degraded', code: instead.code, happened: instead.happened, mend: instead.mend });
  } else if (losses > 0) {
    notices.push({ level: 'information', code: 'device-lost', happened: 'The GPU device was lost and has been opened again.', mend: 'A run that it interrupted is repeated.' });
  }
  if (engine.device.software || software) {
    const label = software?.label ?? engine.device.label;
    // As known when the engine was opened.
    const measured = software?.pace ? ` ${paceSentence(software.pace)}` : '';
    notices.push({
      level: 'information',
      code: 'software-adapter',
      ...(engine.kind === 'webgpu'
        ? { happened: `WebGPU runs on the processor here (${label}).`, mend: `Numbers are right; times are a processor’s, not a GPU’s.${measured}` }
        : { happened: `The GPU adapter here is software (${label}): it computes on the processor.`, mend: `So the reference engine runs, plain TypeScript with the same numbers.${measured}` }),
    });
  }
  return notices;
}
