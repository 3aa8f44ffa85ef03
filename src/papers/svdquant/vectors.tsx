/** Channel maxima of X (up) and W (down), and λ: one bar per channel on a log scale. */

import type { ReactNode } from 'react';

import type { Run, StageVector } from '../../run/run';
import { quantileAbs } from '../../ui/color/scale';
import { number } from '../../ui/format';
import { cellAt, type AxisPlan } from '../../ui/heatmap/axes';
import { Cross } from '../../ui/heatmap/Cross';
import { useCrosshair } from '../../ui/heatmap/crosshair';
import { Sym } from '../../ui/symbol/Symbol';
import { medianLambda, VECTORS, vectorCells } from './display';

const HEIGHT = 112;
/** Share of the room that a value takes on a log scale from low to high. */
const share = (v: number, low: number, high: number): number =>
  v <= low || high <= low ? 0 : Math.min(1, Math.log(v / low) / Math.log(high / low));

const floorOf = (cells: Float32Array): number => Math.max(quantileAbs(cells, 0.05) / 2, quantileAbs(cells, 1) / 1e4) || 1e-30;

/** Bars as one path per ink; `top` and `height` of each bar in strip units. */
function Bars({ plan, bar, loud }: { readonly plan: AxisPlan; readonly bar: (i: number) => readonly [top: number, height: number]; readonly loud: readonly boolean[] }) {
  const path = (inked: boolean): string => loud.map((is, i) => {
    if (is !== inked) return '';
    const [top, height] = bar(i);
    return height > 0 ? `M${i * plan.zoom} ${top.toFixed(2)}h${(plan.zoom - 0.2).toFixed(1)}v${height.toFixed(2)}h${(0.2 - plan.zoom).toFixed(1)}Z` : '';
  }).join('');
  return <><path d={path(false)} fill="var(--line2)" /><path d={path(true)} fill="var(--ink)" /></>;
}

interface FrameProps {
  readonly id: string;
  readonly plan: AxisPlan;
  readonly label: string;
  readonly above: string;
  readonly below?: string;
  readonly children: ReactNode;
}

function Frame({ id, plan, label, above, below, children }: FrameProps) {
  const crosshair = useCrosshair();
  return (
    <div
      className="strip-vector" data-wire={id} style={{ width: `calc(${plan.extent} * var(--u))` }}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        crosshair.set({ k: cellAt(plan, (event.clientX - box.left) / box.width) });
      }}
      onPointerLeave={() => crosshair.set(undefined)}
    >
      <span className="strip-vector-above">{above}</span>
      <svg viewBox={`0 0 ${plan.extent} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>{children}</svg>
      {below && <span className="strip-vector-below">{below}</span>}
      <Cross axes={[undefined, 'k']} cols={plan} />
    </div>
  );
}

interface VectorProps {
  readonly plan: AxisPlan;
  /** Pixels drawn in ink: outlier channels. */
  readonly loud: readonly boolean[];
}

export function ChannelMaxima({ x, w, plan, loud }: VectorProps & { readonly x: StageVector; readonly w: StageVector }) {
  const up = vectorCells(x.data, plan);
  const down = vectorCells(w.data, plan);
  const [upTop, downTop] = [quantileAbs(up, 1), quantileAbs(down, 1)];
  const [upLow, downLow] = [floorOf(up), floorOf(down)];
  const middle = Math.round(HEIGHT * 0.56);
  return (
    <Frame
      id="maxima" plan={plan} above={`max |X| ${number(upTop)}`} below={`max |W| ${number(downTop)}`}
      label={`Largest magnitude per channel, log scale: X up to ${number(upTop)}, W up to ${number(downTop)}`}
    >
      <rect x="0" y={middle} width={plan.extent} height="1" fill="var(--line2)" />
      <Bars plan={plan} loud={loud} bar={(i) => {
        const height = share(up[i]!, upLow, upTop * 1.15) * (middle - 15);
        return [middle - height, height];
      }} />
      <Bars plan={plan} loud={loud} bar={(i) => [middle + 2, share(down[i]!, downLow, downTop * 1.15) * (HEIGHT - middle - 17)]} />
    </Frame>
  );
}

/** Shown scaled to median 1, as the pictures of X̂ and Ŵ are: a constant factor cancels in their product. */
export function Lambda({ lambda, plan, median, loud }: VectorProps & { readonly lambda: StageVector; readonly median: number }) {
  const cells = vectorCells(lambda.data, plan).map((v) => v / median);
  const [low, high] = [quantileAbs(cells, 0), quantileAbs(cells, 1)];
  const room = HEIGHT - 18;
  const below = low < 1 && high > low ? Math.min(room / 2, (room * Math.log(1 / low)) / Math.log(high / low)) : 0;
  const base = HEIGHT - 1 - below;
  return (
    <Frame id="lambda" plan={plan} above="log scale" label={`λ per channel, log scale, from ${number(low)} to ${number(high)} times its median`}>
      <rect x="0" y={base} width={plan.extent} height="1" fill="var(--line2)" />
      <Bars plan={plan} loud={loud} bar={(i) => {
        const v = cells[i]!;
        if (v >= 1) {
          const height = share(v, 1, high) * (room - below);
          return [base - height, height];
        }
        return [base + 1, v > 0 && low < 1 ? below * (Math.log(1 / v) / Math.log(1 / low)) : 0];
      }} />
    </Frame>
  );
}

/** '0.6 to 9.8', of λ over its median. */
export function lambdaRange(vectors: Run['vectors']): string {
  const lambda = vectors[VECTORS.lambda]?.data;
  if (!lambda) return '';
  const median = medianLambda(vectors);
  return `${(quantileAbs(lambda, 0) / median).toFixed(1)} to ${(quantileAbs(lambda, 1) / median).toFixed(1)}`;
}

export function VectorCaption({ symbol, name, note }: { readonly symbol?: string; readonly name: string; readonly note: ReactNode }) {
  return <div className="strip-cap"><span>{symbol && <Sym text={symbol} />} <b>{name}</b></span><span>{note}</span></div>;
}
