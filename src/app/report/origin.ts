/** Where a report's numbers come from: every file that leaves the page says so. */

import { version } from '../../../package.json';
import type { DeviceInfo } from '../../engine/engine';
import type { ReportOptions } from '../../report/contract';
import type { ReportOrigin } from '../../report/format';

export const engineText = (device: DeviceInfo | undefined): string =>
  device === undefined ? 'unknown' : `${device.label}, ${device.engine === 'reference' ? 'reference engine' : device.software ? 'WebGPU, software adapter' : 'WebGPU'}`;

export const originOf = (file: string, options: ReportOptions, device: DeviceInfo | undefined): ReportOrigin => ({
  file, options, engine: engineText(device), version: `Paperkernels ${version}`, date: new Date().toISOString(), link: location.href,
});
