/** One output's weights on a line: a stem per weight, as long as its error counts, and the levels that they are rounded to. */

import { useMemo } from 'react';

import { useWidth } from '../../ui/charts/useWidth';
import { maxAbs } from '../../ui/color/scale';
import { count, number } from '../../ui/format';
import { Sym } from '../../ui/symbol/Symbol';
import type { Output } from './display';

const LEVELS = 10;

interface RowLineProps {
  readonly output: Output;
  /** Ascending. */
  readonly levels: Float32Array;
  readonly height: number;
}

/** Ends of the line: the dense weights and the levels; what left the row may lie beyond. */
function endsOf({ weights, removed }: Output, levels: Float32Array): readonly [number, number] {
  const shown = [...weights.filter((_, i) => !removed?.[i]), ...levels];
  const [low, high] = shown.length ? [Math.min(...shown), Math.max(...shown)] : [-1, 1];
  const room = 0.03 * (high - low) || 1;
  return [low - room, high + room];
}

export function RowLine({ output, levels, height }: RowLineProps) {
  const [frame, width] = useWidth<HTMLDivElement>(128);
  const { n, weights, sensitivity, removed } = output;
  const [low, high] = useMemo(() => endsOf(output, levels), [output, levels]);
  const heaviest = sensitivity ? maxAbs(sensitivity) : 1;
  const base = height - LEVELS - 2;
  const x = (v: number): number => ((v - low) / (high - low)) * width;
  const stems = Array.from(weights, (v, i) => {
    if (removed?.[i]) return '';
    const share = heaviest > 0 ? Math.sqrt((sensitivity?.[i] ?? 1) / heaviest) : 1;
    return `M${x(v).toFixed(1)} ${base}v${(-2 - share * (base - 8)).toFixed(1)}`;
  }).join('');
  const ticks = Array.from(levels, (v) => `M${x(v).toFixed(1)} ${base + 3}l-3.5 7h7z`).join('');
  return (
    <>
      <div className="rowline" ref={frame} style={{ height }}>
        <svg width={width} height={height} role="img" aria-label={`Output ${n}: ${count(weights.length, 'weight')}, ${count(levels.length, 'level')} from ${number(levels[0] ?? 0)} to ${number(levels.at(-1) ?? 0)}`}>
          <path d={stems} stroke="var(--line2)" strokeWidth="1" />
          <path d={`M0 ${base}.5H${width}`} stroke="var(--line2)" shapeRendering="crispEdges" />
          <path d={ticks} fill="var(--hero)" />
        </svg>
        {sensitivity && <span><Sym text="F" /></span>}
      </div>
      <div className="strip-cap"><span>Output <Sym text="n" /> {n}</span><span>{count(levels.length, 'level')}</span></div>
    </>
  );
}
