/** Where a file came from: every export says its link, seed, device and versions. */

import type { Run } from '../../run/run';

export interface Origin {
  readonly lab: string;
  readonly link: string;
  readonly seed: string;
  readonly device: string;
  readonly inputs: string;
  readonly version: string;
}

export function originOf(run: Run, link = run.provenance.link): Origin {
  const { device, provenance } = run;
  const engine = run.engine === 'reference' ? 'reference engine' : device.software ? 'WebGPU, software adapter (times are a CPU’s)' : 'WebGPU';
  return {
    lab: run.lab,
    link,
    seed: provenance.seed === null ? 'none' : String(provenance.seed),
    device: `${device.label}, ${engine}`,
    inputs: Object.entries(provenance.inputs).map(([role, name]) => `${role}: ${name}`).join('; ') || 'none',
    version: `Paperkernels ${provenance.version}`,
  };
}

export const originLines = (origin: Origin): string[] => Object.entries(origin).map(([key, value]) => `${key}: ${value}`);

/** 'svdquant-methods': safe as a file name everywhere. */
export const fileStem = (run: Run, part: string): string => `${run.lab}-${part}`.replace(/[^\w.-]+/g, '-');
