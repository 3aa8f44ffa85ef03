import type { MouseEvent } from 'react';
import type { ReportMethodId } from '../../report/contract';
import { decades, spread, ticksFromZero } from '../../ui/charts/scale';
import { useWidth } from '../../ui/charts/useWidth';
import { bits, percent } from '../../ui/format';
import { markerShape } from '../../ui/markers/Marker';
import { METHODS } from './methods';
import { budgetField } from './options';

const HEIGHT = 250;
const TOP = 26;
const BOTTOM = 36;
const LEFT = 44;
const LABELS = 122;
const GAP = 14;

/** '10', '0.1': an error axis in percent. */
const tick = (error: number): string => String(Number((100 * error).toPrecision(6)));

function Dot({ id, x, y, size = 9 }: { readonly id: ReportMethodId; readonly x: number; readonly y: number; readonly size?: number }) {
  return <g transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 12})`}>{markerShape(METHODS[id].slot)}</g>;
}

export interface TradeoffProps {
  /** Bits ascending. */
  readonly curve: readonly { readonly bitsPerWeight: number; readonly relativeError: number }[];
  /** The whole model by one method. */
  readonly single: readonly { readonly id: ReportMethodId; readonly bits: number; readonly bitsPerWeight: number; readonly relativeError: number }[];
  readonly chosen?: { readonly bitsPerWeight: number; readonly relativeError: number };
  readonly budget: number;
  readonly pick: (budget: number) => void;
}

/** Error against bits per weight: the best mix for every budget as a step line, whole-model choices as points. */
export function TradeoffChart({ curve, single, chosen, budget, pick }: TradeoffProps) {
  const [box, width] = useWidth<HTMLDivElement>(520);
  const shown = curve.filter((p) => p.relativeError > 0);
  const points = [...shown, ...single.filter((p) => p.relativeError > 0)];
  if (points.length === 0) return <div ref={box} />;
  const left = Math.floor(2 * Math.min(...points.map((p) => p.bitsPerWeight))) / 2;
  const right = Math.min(budgetField.max, Math.ceil(Math.max(...points.map((p) => p.bitsPerWeight))));
  const inside = points.filter((p) => p.bitsPerWeight <= right);
  const errors = inside.map((p) => p.relativeError);
  const [low, high] = [Math.min(...errors) / 1.25, Math.max(...errors) * 1.25];
  const px = (b: number): number => LEFT + ((b - left) / Math.max(1e-9, right - left)) * (width - LEFT - 16);
  const py = (e: number): number => TOP + (1 - Math.log(e / low) / Math.log(high / low)) * (HEIGHT - TOP - BOTTOM);
  const line = shown.filter((p) => p.bitsPerWeight <= right);
  const step = line.map((p, i) => (i === 0 ? `M${px(p.bitsPerWeight)} ${py(p.relativeError)}` : `H${px(p.bitsPerWeight)}V${py(p.relativeError)}`)).join('') + (line.length > 0 ? `H${px(right)}` : '');
  const [firstTick, strideBits] = [Math.ceil(left), right - left > 8 ? 2 : 1];
  const xs = Array.from({ length: Math.floor((right - firstTick) / strideBits) + 1 }, (_, i) => firstTick + i * strideBits);
  const ys = [...decades(low, high), ...(high / low < 30 ? [0.02, 0.05, 0.2, 0.5].filter((y) => y > low && y < high) : [])];
  const click = (event: MouseEvent<SVGSVGElement>): void => {
    const at = left + ((event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT) / (width - LEFT - 16)) * (right - left);
    pick(at);
  };
  return (
    <div ref={box} className="report-chart">
      {/* The budget's slider takes the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <svg width={width} height={HEIGHT} role="img" aria-label={`Relative error against bits per weight, from ${percent(Math.max(...errors))} to ${percent(Math.min(...errors))}`} onClick={click}>
        <text x="0" y="11">relative error %, log scale</text>
        {ys.map((y) => <g key={y}><path className="report-grid" d={`M${LEFT} ${py(y)}H${width - 16}`} /><text x={LEFT - 6} y={py(y) + 4} textAnchor="end">{tick(y)}</text></g>)}
        {xs.map((x) => <g key={x}><path className="report-grid" d={`M${px(x)} ${TOP}V${HEIGHT - BOTTOM}`} /><text x={px(x)} y={HEIGHT - BOTTOM + 15} textAnchor="middle">{x}</text></g>)}
        <text x={width - 16} y={HEIGHT - 3} textAnchor="end">bits per weight, scales included</text>
        <path className="report-step" d={step} />
        {single.filter((p) => p.relativeError > 0 && p.bitsPerWeight <= right).map((p) => (
          <g key={`${p.id} ${p.bits}`}><title>{METHODS[p.id].label} for all, {p.bits}-bit codes: {percent(p.relativeError)} at {bits(p.bitsPerWeight)} bits</title><Dot id={p.id} x={px(p.bitsPerWeight)} y={py(p.relativeError)} /></g>
        ))}
        {budget >= left && budget <= right && <path className="report-drop" d={`M${px(budget)} ${TOP}V${HEIGHT - BOTTOM}`} />}
        {chosen && chosen.relativeError > 0 && chosen.bitsPerWeight <= right && <circle className="report-ring" cx={px(chosen.bitsPerWeight)} cy={py(chosen.relativeError)} r="6" />}
      </svg>
    </div>
  );
}

export interface DepthProps {
  readonly points: readonly { readonly depth: number; readonly errors: Readonly<Partial<Record<ReportMethodId, number>>> }[];
  readonly methods: readonly ReportMethodId[];
  readonly bits: number;
}

/** Error of each method by the layer's number in the tensors' names. */
export function DepthChart({ points, methods, bits: width_ }: DepthProps) {
  const [box, width] = useWidth<HTMLDivElement>(520);
  const errors = points.flatMap(({ errors }) => methods.map((id) => errors[id])).filter((e): e is number => e !== undefined);
  const ticks = ticksFromZero(Math.max(...errors));
  const top = ticks.at(-1)!;
  const [first, last] = [points[0].depth, points.at(-1)!.depth];
  const right = width - LABELS;
  const px = (depth: number): number => LEFT + ((depth - first) / Math.max(1, last - first)) * (right - LEFT);
  const py = (e: number): number => TOP + (1 - e / top) * (HEIGHT - TOP - BOTTOM);
  const lines = methods.flatMap((id) => {
    const own = points.flatMap(({ depth, errors }) => (errors[id] === undefined ? [] : [{ depth, error: errors[id] }]));
    return own.length > 0 ? [{ id, own }] : [];
  });
  const labels = spread(lines.map(({ own }) => py(own.at(-1)!.error)), GAP, TOP, HEIGHT - BOTTOM);
  const stride = Math.max(1, Math.ceil((last - first) / 4));
  const xs = points.map(({ depth }) => depth).filter((depth) => (depth - first) % stride === 0);
  const dotted = points.length <= 40;
  return (
    <div ref={box} className="report-chart">
      <svg width={width} height={HEIGHT} role="img" aria-label={`Relative error by layer, ${first} to ${last}, at ${width_} bits`}>
        <text x="0" y="11">relative error %</text>
        {ticks.map((y) => <g key={y}><path className="report-grid" d={`M${LEFT} ${py(y)}H${right}`} /><text x={LEFT - 6} y={py(y) + 4} textAnchor="end">{tick(y)}</text></g>)}
        {xs.map((x) => <text key={x} x={px(x)} y={HEIGHT - BOTTOM + 15} textAnchor="middle">{x}</text>)}
        <text x={right} y={HEIGHT - 3} textAnchor="end">layer</text>
        {lines.map(({ id, own }, i) => (
          <g key={id}>
            <path className="report-line" stroke={`var(--${METHODS[id].slot})`} d={own.map(({ depth, error }, j) => `${j ? 'L' : 'M'}${px(depth)} ${py(error)}`).join('')} />
            {dotted && own.map(({ depth, error }) => <g key={depth}><title>{METHODS[id].label}, layer {depth}: {percent(error)}</title><Dot id={id} x={px(depth)} y={py(error)} size={7} /></g>)}
            <Dot id={id} x={right + 14} y={labels[i]} />
            <text className="report-label" x={right + 23} y={labels[i] + 4}>{METHODS[id].label}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}
