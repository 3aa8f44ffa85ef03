/** What lies over the frames of a video: tokens not in use, the border of a cluster, the ring under the pointer. */

import { memo, useEffect, useId, useMemo, useRef } from 'react';

import { useCrosshair } from '../heatmap/crosshair';
import { Hatch } from '../heatmap/Hatch';
import { cornerOf, tokensOf, type FrameGrid, type FrameLayout } from './frames';
import type { FrameLayer } from './layer';
import { fillOf, outlineOf } from './outline';

interface MarksProps {
  readonly grid: FrameGrid;
  readonly layer: FrameLayer;
  readonly layout: FrameLayout;
  readonly muted?: ArrayLike<number>;
}

/** Everything over the pictures that no pointer moves: unused tokens, the picked cluster. */
export const Marks = memo(({ grid, layer, layout, muted }: MarksProps) => {
  const { frames, rows, cols } = grid;
  const picked = layer.kind === 'labels' ? layer.picked : undefined;
  const { data } = layer;
  const shapes = useMemo(() => Array.from({ length: frames }, (_, f) => {
    const index = (y: number, x: number): number => (f * rows + y) * cols + x;
    return {
      unused: muted ? fillOf(rows, cols, (y, x) => muted[index(y, x)] === 1) : '',
      border: picked === undefined ? '' : outlineOf(rows, cols, (y, x) => data[index(y, x)] === picked),
    };
  }), [frames, rows, cols, muted, picked, data]);
  const hatch = useId();
  if (!muted && picked === undefined) return null;
  const { perRow, stepX, stepY, cell, totalWidth, totalHeight } = layout;
  return (
    <svg className="frame-marks" width={totalWidth} height={totalHeight} aria-hidden="true">
      {layer.kind === 'ink' && <defs><Hatch id={hatch} scale={cell} /></defs>}
      {shapes.map(({ unused, border }, f) => (
        <g key={`${f} of ${frames}`} transform={`translate(${(f % perRow) * stepX} ${Math.floor(f / perRow) * stepY}) scale(${cell})`}>
          {unused && <path className="frame-unused" d={unused} style={layer.kind === 'ink' ? { fill: `url(#${hatch})`, opacity: 1 } : undefined} />}
          {border && <><path className="frame-halo" d={border} /><path className="frame-border" d={border} /></>}
        </g>
      ))}
    </svg>
  );
});

/** Ring on the token under the pointer, here or in any linked picture. */
export function Hovered({ grid, layout, axis, say }: { readonly grid: FrameGrid; readonly layout: FrameLayout; readonly axis: string; readonly say: (token: number | undefined) => void }) {
  const crosshair = useCrosshair();
  const ring = useRef<HTMLElement>(null);
  useEffect(() => crosshair.subscribe((cell) => {
    const token = cell?.[axis];
    const seen = token !== undefined && token >= 0 && token < tokensOf(grid);
    say(seen ? token : undefined);
    if (!ring.current) return;
    ring.current.style.display = seen ? 'block' : 'none';
    if (!seen) return;
    const [x, y] = cornerOf(grid, layout, token);
    ring.current.style.transform = `translate(${x}px, ${y}px)`;
  }), [crosshair, grid, layout, axis, say]);
  return <i ref={ring} className="frame-ring frame-hovered" style={{ display: 'none', width: layout.cell, height: layout.cell }} />;
}
