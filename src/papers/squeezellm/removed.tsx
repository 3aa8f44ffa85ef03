import { useMemo } from 'react';

import type { StageTensor } from '../../run/run';
import { shareOf, type AxisPlan } from '../../ui/heatmap/axes';

/** More marks than these would cover the picture, whose own pixels then show them. */
const MOST = 1200;

interface RemovedProps {
  readonly mask?: StageTensor;
  readonly rows: AxisPlan;
  readonly cols: AxisPlan;
}

/** Marks on the entries that left the dense part: filled for outliers, open for sensitive values. A cell alone is too small to see. */
export function Removed({ mask, rows, cols }: RemovedProps) {
  const marks = useMemo(() => {
    const found: { readonly x: number; readonly y: number; readonly sensitive: boolean }[] = [];
    if (!mask) return found;
    for (let i = 0; i < mask.data.length && found.length <= MOST; i += 1) {
      if (!mask.data[i]) continue;
      found.push({ x: shareOf(cols, i % mask.cols) * cols.extent, y: shareOf(rows, Math.floor(i / mask.cols)) * rows.extent, sensitive: mask.data[i] === 1 });
    }
    return found.length > MOST ? [] : found;
  }, [mask, rows, cols]);
  if (marks.length === 0) return null;
  const radius = marks.length > 300 ? 1 : 1.7;
  const circle = (x: number, y: number, r: number): string => `M${(x - r).toFixed(2)} ${y.toFixed(2)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  return (
    <svg className="removed" viewBox={`0 0 ${cols.extent} ${rows.extent}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={marks.filter((m) => !m.sensitive).map((m) => circle(m.x, m.y, radius)).join('')} fill="var(--hero)" />
      <path d={marks.filter((m) => m.sensitive).map((m) => circle(m.x, m.y, radius + 0.5)).join('')} fill="var(--bg)" stroke="var(--hero)" strokeWidth="1" />
    </svg>
  );
}
