import { useLayoutEffect, useMemo, useRef } from 'react';

import type { MapTheme } from '../color/maps';
import { blockMax, blockMiddle } from '../color/reduce';
import type { ColorScale } from '../color/scale';
import type { AxisPlan } from './axes';
import { paintGrid } from './paint';
import './heatmap.css';

interface HeatmapProps {
  readonly data: Float32Array;
  readonly rows: AxisPlan;
  readonly cols: AxisPlan;
  readonly scale: ColorScale;
  readonly theme: MapTheme;
  /** Multiplies values for display only. */
  readonly factor?: number;
}

/** A tensor as a picture: one pixel per cell (or per block, by its largest |·|), scaled by the stylesheet. Pixels and cluster names show as such; `cols` then counts pixels. */
export function Heatmap({ data, rows, cols, scale, theme, factor = 1 }: HeatmapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { map } = scale;
  const grid = useMemo(
    () => (map === 'rgb' || map === 'label' ? blockMiddle(data, rows.length, cols.length, rows.block, cols.block, map === 'rgb' ? 3 : 1) : blockMax(data, rows.length, cols.length, rows.block, cols.block)),
    [data, rows, cols, map],
  );
  useLayoutEffect(() => {
    if (canvas.current) paintGrid(canvas.current, grid, scale, theme, factor);
  }, [grid, scale, theme, factor]);
  return (
    <canvas
      ref={canvas} className="heatmap" aria-hidden="true" width={cols.cells} height={rows.cells}
      style={{ width: `calc(${cols.extent} * var(--u))`, height: `calc(${rows.extent} * var(--u))` }}
    />
  );
}
