/** Each kernel under the two ceilings measured on this device: log–log, operations per second against operations per byte. */

import type { Ceilings, DeviceInfo } from '../../engine/engine';
import type { TimedKernel } from '../../run/run';
import { rate } from '../panels/numbers';
import { NumbersTable } from '../panels/NumbersTable';
import { decades, powerOfTen, roofAt as roofOf, rooflineScale, spread, type Roof } from './scale';
import { useWidth } from './useWidth';
import './charts.css';

export interface RooflineProps {
  readonly kernels: readonly TimedKernel[];
  readonly ceilings: Ceilings;
  readonly device: DeviceInfo;
}

export interface RooflinePoint {
  /** The kernel's number in the list of times, from 1. */
  readonly number: number;
  readonly label: string;
  /** FLOP per byte. */
  readonly intensity: number;
  /** FLOP/s; a lower bound where the time is below the clock. */
  readonly rate: number;
  readonly bound: boolean;
  /** Share of what the roof allows at this intensity. */
  readonly share: number;
}

const roofOfDevice = ({ copy, fma }: Ceilings): Roof => ({ bytesPerSecond: copy.bytesPerSecond, flopsPerSecond: fma.flopsPerSecond });

export const roofAt = (ceilings: Ceilings, intensity: number): number => roofOf(roofOfDevice(ceilings), intensity);

/** Kernels with arithmetic, bytes and a time. Those that only move data have no place on a roofline of FLOP. */
export function rooflinePoints(kernels: readonly TimedKernel[], ceilings: Ceilings): RooflinePoint[] {
  return kernels.flatMap(({ label, flops, bytes, timing }, i) => {
    if (!timing || flops <= 0 || bytes <= 0) return [];
    const bound = timing.median < timing.resolution;
    const perSecond = flops / Math.max(timing.median, timing.resolution);
    const intensity = flops / bytes;
    return [{ number: i + 1, label, intensity, rate: perSecond, bound, share: perSecond / roofAt(ceilings, intensity) }];
  });
}

const HEIGHT = 230;
const WIDEST = 560;
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 12, 22, 40];

/** Numbers of points that nearly share a column are moved apart, so that each can be read. */
function labelHeights(points: readonly { readonly number: number; readonly x: number; readonly y: number }[], low: number, high: number): ReadonlyMap<number, number> {
  const columns = new Map<number, typeof points[number][]>();
  for (const p of points) {
    const column = Math.round(p.x / 22);
    columns.set(column, [...(columns.get(column) ?? []), p]);
  }
  return new Map([...columns.values()].flatMap((column) => {
    const heights = spread(column.map((p) => p.y + 4), 12, low, high);
    return column.map((p, i): [number, number] => [p.number, heights[i]]);
  }));
}

export function Roofline({ kernels, ceilings, device }: RooflineProps) {
  const [box, room] = useWidth<HTMLDivElement>(440);
  const width = Math.max(240, Math.min(WIDEST, room));
  const points = rooflinePoints(kernels, ceilings);
  const { intensities: [low, high], rates: [lowRate, topRate], ridge, px, py, path } = rooflineScale(points, roofOfDevice(ceilings), { left: LEFT, right: width - RIGHT, top: TOP, bottom: HEIGHT - BOTTOM });
  const bottom = HEIGHT - BOTTOM;
  const labelY = labelHeights(points.map((p) => ({ number: p.number, x: px(p.intensity), y: py(p.rate) })), TOP + 10, bottom - 2);

  return (
    <div ref={box} className="roofline">
      <h3 className="roofline-title">
        Roofline <small>{device.software ? 'this CPU’s, through a software adapter' : 'ceilings measured on this device'}, log–log</small>
      </h3>
      <svg width={width} height={HEIGHT} role="img" aria-label={`Roofline: ${rate(ceilings.fma.flopsPerSecond, 'FLOP/s')} and ${rate(ceilings.copy.bytesPerSecond, 'B/s')} measured, ${points.length} kernels`}>
        {decades(lowRate, topRate).map((v) => (
          <g key={v}>
            <path className="chart-grid" d={`M${LEFT} ${py(v)}H${width - RIGHT}`} />
            <text x={LEFT - 6} y={py(v) + 4} textAnchor="end">{powerOfTen(v / 1e9)}</text>
          </g>
        ))}
        {decades(low, high).map((v) => <text key={v} x={px(v)} y={bottom + 15} textAnchor="middle">{powerOfTen(v)}</text>)}
        <path className="chart-base" d={`M${LEFT} ${bottom}H${width - RIGHT}`} />
        <text x={0} y={11}>GFLOP/s</text>
        <text x={LEFT} y={HEIGHT - 8}>FLOP per byte of the model</text>
        <path className="roofline-roof" d={path} />
        <text className="roofline-ceiling" x={width - RIGHT} y={py(ceilings.fma.flopsPerSecond) - 6} textAnchor="end">multiply-add {rate(ceilings.fma.flopsPerSecond, 'FLOP/s')}</text>
        <text className="roofline-ceiling" x={px(Math.sqrt(low * ridge)) - 8} y={py(roofAt(ceilings, Math.sqrt(low * ridge))) - 4} textAnchor="end">copy {rate(ceilings.copy.bytesPerSecond, 'B/s')}</text>
        {points.map((p) => (
          <g key={p.number}>
            <circle className={p.bound ? 'roofline-point roofline-bound' : 'roofline-point'} cx={px(p.intensity)} cy={py(p.rate)} r="3.5" />
            <text className="roofline-number" x={px(p.intensity) + 7} y={labelY.get(p.number)}>{p.number}</text>
          </g>
        ))}
      </svg>
      <p className="sub">
        Numbers as in the list above.{points.some((p) => p.bound) && ' An open point is at least this fast: its time is below the clock.'}
        {points.length < kernels.length && ' Kernels without a time or without arithmetic have no point.'}
      </p>
      <NumbersTable
        caption="Roofline"
        columns={['Kernel', 'FLOP per byte', 'rate', 'share of the roof']}
        rows={points.map((p) => [p.label, p.intensity.toPrecision(3), `${p.bound ? '> ' : ''}${rate(p.rate, 'FLOP/s')}`, `${p.bound ? '> ' : ''}${(100 * p.share).toFixed(1)} %`])}
      />
    </div>
  );
}
