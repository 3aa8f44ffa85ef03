/** Which engine computed what is on the page: filled disc a GPU, open disc the reference engine, diamond a software adapter. */

import type { ReactNode } from 'react';
import type { DeviceInfo } from '../../engine/engine';
import { PENDING, seconds } from '../format';
import './feedback.css';

export interface EngineBadgeProps {
  /** Absent until the engine has started. */
  readonly device?: DeviceInfo;
  /** From the start of the last run to its first picture and errors, seconds: sweeps and timings come after it. */
  readonly time?: number;
  readonly state: 'loading' | 'running' | 'done' | 'error';
}

type Kind = 'webgpu' | 'reference' | 'software' | 'none';

const MARKS: Readonly<Record<Kind, ReactNode>> = {
  webgpu: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  reference: <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  software: <path d="M5 1 9 5 5 9 1 5z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  none: <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
};

const TITLES: Readonly<Record<Kind, string>> = { webgpu: 'WebGPU', reference: 'Reference engine', software: 'Software adapter', none: 'Starting the engine' };

export const badgeKind = (device: DeviceInfo | undefined): Kind =>
  device === undefined ? 'none' : device.engine === 'reference' ? 'reference' : device.software ? 'software' : 'webgpu';

export function EngineBadge({ device, time, state }: EngineBadgeProps) {
  const kind = badgeKind(device);
  const detail = [
    kind === 'software' ? `${device?.label}, times are this CPU’s, not a GPU’s` : device?.label,
    state === 'running' ? `running ${PENDING}` : state === 'error' ? 'failed' : time === undefined ? undefined : `first result ${seconds(time)}`,
  ].filter(Boolean);
  return (
    <span className={`badge badge-${kind}`} data-badge={kind}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">{MARKS[kind]}</svg>
      <span><b>{state === 'error' && kind === 'none' ? 'No engine' : TITLES[kind]}</b> {kind === 'none' ? '' : detail.join(', ')}</span>
    </span>
  );
}
