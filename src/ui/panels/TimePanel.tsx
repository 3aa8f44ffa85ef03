/** Kernel times of this device by the timing contract, and their places under its measured roofline. */

import type { Ceilings, DeviceInfo, Timing } from '../../engine/engine';
import type { TimedKernel } from '../../run/run';
import { Roofline } from '../charts/Roofline';
import { NumbersTable } from './NumbersTable';
import { PENDING, seconds } from '../format';
import { rate } from './numbers';
import { Panel } from './Panel';

export interface TimePanelProps {
  readonly kernels: readonly TimedKernel[];
  readonly ceilings?: Ceilings;
  readonly device: DeviceInfo;
}

/** Shares of a log axis from just under the shortest to just over the longest time. */
export function logScale(timings: readonly Timing[]): (t: number) => number {
  const shown = timings.map((t) => Math.max(t.median, t.resolution));
  const low = Math.min(...shown) / 2;
  const high = Math.max(...timings.map((t) => Math.max(t.high, t.resolution))) * 1.05;
  const span = Math.log(high / low);
  return (t) => (span > 0 ? Math.min(1, Math.max(0, Math.log(Math.max(t, low) / low) / span)) : 1);
}

/** 'median of 21, GPU timestamps' when all rows agree. */
export function methodOf(timings: readonly Timing[]): string {
  const samples = timings.map((t) => t.samples);
  const [few, many] = [Math.min(...samples), Math.max(...samples)];
  const clocks = new Set(timings.map((t) => (t.method === 'timestamp' ? 'GPU timestamps' : 'wall clock')));
  return `median of ${few === many ? few : `${few} to ${many}`}, ${[...clocks].join(' and ')}`;
}

const spreadText = ({ low, high, resolution }: Timing): string =>
  high < resolution ? seconds(high, resolution) : `${seconds(low, resolution)} to ${seconds(high, resolution)}`;

const bound = (kernel: TimedKernel): string => (kernel.timing && kernel.timing.median < kernel.timing.resolution ? '> ' : '');

export function TimePanel({ kernels, ceilings, device }: TimePanelProps) {
  const timings = kernels.flatMap((k) => (k.timing ? [k.timing] : []));
  const at = logScale(timings);
  const engine = device.engine === 'reference' ? 'reference engine' : device.label;
  return (
    <Panel title="Time" note={timings.length ? `${engine}, ${methodOf(timings)}, log scale` : engine} id="time">
      {device.software && <p className="time-software">Software adapter: times are this CPU’s, not a GPU’s.</p>}
      <ol className="time" aria-hidden="true">
        {kernels.map(({ kernel, variant, label, timing }, i) => (
          <li key={`${label}:${kernel}:${variant}`}>
            <span className="time-number">{i + 1}</span>
            <span className="time-name">{label}</span>
            <span className="time-bar">
              {timing && (
                <>
                  <i style={{ width: `${100 * at(Math.max(timing.median, timing.resolution))}%` }} className={timing.median < timing.resolution ? 'time-below' : undefined} />
                  <u style={{ left: `${100 * at(timing.low)}%`, width: `${100 * (at(timing.high) - at(timing.low))}%` }} />
                </>
              )}
            </span>
            <span className="time-value">{timing ? seconds(timing.median, timing.resolution) : PENDING}</span>
          </li>
        ))}
      </ol>
      {timings.length > 0 && <p className="sub">Bar: median. Line on it: the middle half of the samples.</p>}
      <NumbersTable
        caption="Kernel times"
        columns={['Kernel', 'variant', 'median', '25 % to 75 %', 'samples × launches', 'clock step per launch', 'compile', 'rate', 'bandwidth']}
        rows={kernels.map((k) => {
          const t = k.timing;
          const slow = t && Math.max(t.median, t.resolution);
          return [
            k.label, k.variant, t ? seconds(t.median, t.resolution) : PENDING, t ? spreadText(t) : '',
            t ? `${t.samples} × ${t.repeats}` : '', t ? seconds(t.resolution) : '', t?.compile === undefined ? '' : seconds(t.compile),
            slow && k.flops ? bound(k) + rate(k.flops / slow, 'FLOP/s') : '', slow && k.bytes ? bound(k) + rate(k.bytes / slow, 'B/s') : '',
          ];
        })}
      />
      {ceilings && <Roofline kernels={kernels} ceilings={ceilings} device={device} />}
    </Panel>
  );
}
