/** All of W by value, in log counts, with the threshold ±T: what stays dense is grey, what leaves has the method's colour. */

import { useMemo } from 'react';

import type { Run, StageTensor } from '../../run/run';
import { maxAbs } from '../../ui/color/scale';
import { MINUS, number, percent } from '../../ui/format';
import { useWidth } from '../../ui/charts/useWidth';
import { Sym } from '../../ui/symbol/Symbol';

const BIN = 3; // px
const RUG = 9;

interface Counts {
  readonly dense: Float64Array;
  readonly outliers: Float64Array;
  readonly sensitive: Float64Array;
}

/** Counts of −max … max in `bins` bins, by what became of each weight. */
export function countByKind(w: Float32Array, mask: Float32Array | undefined, max: number, bins: number): Counts {
  const counts = { dense: new Float64Array(bins), outliers: new Float64Array(bins), sensitive: new Float64Array(bins) };
  for (let i = 0; i < w.length; i += 1) {
    const bin = max > 0 ? Math.min(bins - 1, Math.max(0, Math.floor(((w[i]! / max + 1) / 2) * bins))) : bins >> 1;
    const kind = mask?.[i] ?? 0;
    (kind === 2 ? counts.outliers : kind === 1 ? counts.sensitive : counts.dense)[bin]! += 1;
  }
  return counts;
}

interface ValuesProps {
  readonly stages: Run['stages'];
  readonly scalars: Run['scalars'];
  /** Pixels of the drawing downward. */
  readonly height: number;
}

export function ValuesByKind({ stages, scalars, height }: ValuesProps) {
  const [frame, width] = useWidth<HTMLDivElement>(292);
  const { w, mask } = stages as Partial<Record<string, StageTensor>>;
  const bins = Math.max(15, Math.floor(width / BIN) | 1);
  const max = useMemo(() => (w ? maxAbs(w.data) : 0), [w]);
  const counts = useMemo(() => (w ? countByKind(w.data, mask?.data, max, bins) : undefined), [w, mask, max, bins]);
  if (!w || !counts) return null;
  const base = height - RUG - 1;
  const all = counts.dense.map((v, i) => v + counts.outliers[i]! + counts.sensitive[i]!);
  const top = Math.log1p(Math.max(...all));
  const step = width / bins;
  const tall = (count: number): number => (count > 0 ? 2 + ((base - 16) * Math.log1p(count)) / top : 0);
  const bars = (values: Float64Array): string => Array.from(values, (v, i) =>
    (v > 0 ? `M${(i * step).toFixed(2)} ${base}v${(-tall(v)).toFixed(1)}h${(step - 0.6).toFixed(2)}V${base}Z` : '')).join('');
  // Beyond T every weight left, so a bin is drawn whole in the colour of most of it.
  const left = counts.outliers.map((v, i) => (v > counts.dense[i]! ? all[i]! : 0));
  const stayed = all.map((v, i) => (left[i]! > 0 ? 0 : v));
  const rug = Array.from(counts.sensitive, (v, i) => (v > 0 ? `M${((i + 0.5) * step).toFixed(2)} ${base + 2}v${RUG - 2}` : '')).join('');
  const { threshold, sensitiveCount = 0, outlierCount = 0 } = scalars;
  const place = threshold === undefined || threshold >= max ? undefined : (threshold / max + 1) / 2;
  return (
    <>
      <div className="values" ref={frame} style={{ height }}>
        <svg width={width} height={height} role="img" aria-label={`Values of W from ${MINUS}${number(max)} to ${number(max)}, ${outlierCount} beyond ${threshold === undefined ? 'the threshold' : number(threshold)} in size, ${sensitiveCount} removed as sensitive`}>
          <path d={bars(stayed)} fill="var(--line2)" />
          <path d={bars(left)} fill="var(--hero)" />
          <path d={`M0 ${base}.5H${width}`} stroke="var(--line2)" shapeRendering="crispEdges" />
          <path d={rug} stroke="var(--hero)" strokeWidth="1.5" />
          {place !== undefined && [1 - place, place].map((x) => <path key={x} d={`M${(x * width).toFixed(1)} 12V${base}`} stroke="var(--ink)" strokeDasharray="2 3" />)}
        </svg>
        {place !== undefined && (
          <>
            <span style={{ left: `${100 * (1 - place)}%` }}>{MINUS}<Sym text="T" /></span>
            <span style={{ left: `${100 * place}%` }}><Sym text="T" /></span>
          </>
        )}
      </div>
      <div className="strip-cap">
        <span><b>Values</b> count, log scale</span>
        <span>{place === undefined ? 'none beyond T' : <>T {number(threshold!)}</>}{sensitiveCount + outlierCount > 0 && `, ${percent((sensitiveCount + outlierCount) / w.data.length)} leave`}</span>
      </div>
    </>
  );
}
