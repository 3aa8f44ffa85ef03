/** The inspector's heatmap: at least 2 px per cell, zoomed by ± or the wheel, panned by dragging, driven by arrow keys. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import type { StageTensor } from '../../run/run';
import type { MapTheme } from '../color/maps';
import type { ColorScale } from '../color/scale';
import { useCrosshair } from '../heatmap/crosshair';
import { paintGrid } from '../heatmap/paint';
import type { Cell } from '../lab-props';
import { ColumnProfile, RowProfile } from './Profiles';
import type { Summary } from './stats';
import { cut, levelsOf, startToShow, VIEW, viewOf, type View } from './view';

interface HeatViewProps {
  /** Its columns count cells: of a picture, pixels. */
  readonly stage: StageTensor;
  /** What is drawn: the stage's values or its codes. */
  readonly data: Float32Array;
  readonly summary: Summary;
  readonly scale: ColorScale;
  readonly factor: number;
  readonly theme: MapTheme;
  readonly label: string;
  readonly describedBy: string;
  readonly cell: readonly [row: number, col: number];
  readonly pin: (cell: Cell) => void;
  /** Further controls, beside the zoom. */
  readonly children?: ReactNode;
}

const clamp = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));

/** Where a key takes the cell: arrows by one, with Shift by 8, Home and End to the edges of the row (with Ctrl, of the tensor). */
function moved(event: KeyboardEvent, [row, col]: readonly [number, number], stage: StageTensor): readonly [number, number] | undefined {
  const by = event.shiftKey ? 8 : 1;
  switch (event.key) {
    case 'ArrowUp': return [clamp(row - by, stage.rows), col];
    case 'ArrowDown': return [clamp(row + by, stage.rows), col];
    case 'ArrowLeft': return [row, clamp(col - by, stage.cols)];
    case 'ArrowRight': return [row, clamp(col + by, stage.cols)];
    case 'Home': return [event.ctrlKey ? 0 : row, 0];
    case 'End': return [event.ctrlKey ? stage.rows - 1 : row, stage.cols - 1];
    default: return undefined;
  }
}

export function HeatView({ stage, data, summary, scale, factor, theme, label, describedBy, cell, pin, children }: HeatViewProps) {
  const crosshair = useCrosshair();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const grab = useRef<{ x: number; y: number; view: View; moved: boolean } | undefined>(undefined);
  const [corner, setCorner] = useState({ pixels: 0, row0: 0, col0: 0 });
  const levels = useMemo(() => levelsOf(stage.rows, stage.cols), [stage.rows, stage.cols]);
  const pixels = levels.includes(corner.pixels) ? corner.pixels : 0;
  const view = useMemo(() => viewOf(stage.rows, stage.cols, pixels, corner.row0, corner.col0), [stage.rows, stage.cols, pixels, corner.row0, corner.col0]);
  const { map } = scale;
  const grid = useMemo(() => cut(data, stage.rows, stage.cols, view, map === 'rgb' || map === 'label', map === 'rgb' ? 3 : 1), [data, stage.rows, stage.cols, view, map]);

  useLayoutEffect(() => {
    if (canvas.current) paintGrid(canvas.current, grid, scale, theme, factor);
  }, [grid, scale, theme, factor]);

  const zoom = (by: number, [row, col]: readonly [number, number] = cell): void => {
    const next = levels[Math.max(0, Math.min(levels.length - 1, levels.indexOf(pixels) + by))] ?? 0;
    const shown = next === 0 ? 0 : Math.floor(VIEW / next);
    setCorner({ pixels: next, row0: row - Math.floor(shown / 2), col0: col - Math.floor(shown / 2) });
  };

  const at = (event: PointerEvent<HTMLElement> | WheelEvent): readonly [number, number] => {
    const box = frame.current!.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * grid.rows) * view.blockRows;
    const col = Math.floor(((event.clientX - box.left) / box.width) * grid.cols) * view.blockCols;
    return [clamp(view.row0 + row, stage.rows), clamp(view.col0 + col, stage.cols)];
  };
  const named = ([row, col]: readonly [number, number]): Cell => ({ [stage.axes[0]]: row, [stage.axes[1]]: col });

  // The wheel zooms only where the reader has put the focus, or with Ctrl; otherwise the page scrolls.
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    wheel.current = (event) => {
      if (!event.ctrlKey && document.activeElement !== frame.current) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1 : -1, at(event));
    };
  });
  useEffect(() => {
    const element = frame.current;
    const listener = (event: WheelEvent): void => wheel.current(event);
    element?.addEventListener('wheel', listener, { passive: false });
    return () => element?.removeEventListener('wheel', listener);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === '+' || event.key === '=') zoom(1);
    else if (event.key === '-') zoom(-1);
    else {
      const next = moved(event, cell, stage);
      if (!next) return;
      pin(named(next));
      crosshair.set(named(next));
      if (pixels) setCorner({ pixels, row0: startToShow(next[0], view.row0, view.rows), col0: startToShow(next[1], view.col0, view.cols) });
    }
    event.preventDefault();
    event.stopPropagation(); // arrows also step the lesson
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    crosshair.set(named(at(event)));
    const held = grab.current;
    if (!held || !pixels) return;
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (Math.abs(dx) + Math.abs(dy) > 3) held.moved = true;
    if (held.moved) setCorner({ pixels, row0: held.view.row0 - Math.round(dy / pixels), col0: held.view.col0 - Math.round(dx / pixels) });
  };

  const [width, height] = [grid.cols * view.pixels, grid.rows * view.pixels];
  const place = (index: number, start: number, block: number): number => Math.floor((index - start) / block) * view.pixels;
  const [top, left] = [place(cell[0], view.row0, view.blockRows), place(cell[1], view.col0, view.blockCols)];
  const inside = top >= 0 && left >= 0 && top < height && left < width;
  const reduced = view.blockRows > 1 || view.blockCols > 1;
  return (
    <div className="heatview">
      <div className="heatview-frame">
        {/* A picture that arrow keys walk over: no HTML element has this role, so the keys must reach the page (application). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex */}
        <div role="application" tabIndex={0} ref={frame} className="heatview-map"
          aria-label={label} aria-describedby={describedBy} aria-roledescription="heatmap"
          style={{ width, height }} data-pan={pixels > 0} onKeyDown={onKeyDown} onPointerMove={onPointerMove}
          onPointerDown={(event) => {
            grab.current = { x: event.clientX, y: event.clientY, view, moved: false };
            if (pixels) event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerUp={(event) => {
            if (grab.current && !grab.current.moved) pin(named(at(event)));
            grab.current = undefined;
          }}
          onPointerLeave={() => crosshair.set(undefined)} onBlur={() => crosshair.set(undefined)}
        >
          <canvas ref={canvas} className="heatmap" aria-hidden="true" style={{ width, height }} />
          <Window axes={stage.axes} view={view} />
          {inside && <i className="heatview-pin" style={{ left, top, width: view.pixels, height: view.pixels }} />}
        </div>
        <RowProfile maxima={summary.rowMaxima} view={view} max={summary.max} />
        <ColumnProfile maxima={summary.colMaxima} view={view} max={summary.max} />
      </div>
      <div className="heatview-bar">
        <div className="heatview-zoom">
          <button type="button" aria-label="Zoom out" disabled={pixels === 0} onClick={() => zoom(-1)}>−</button>
          <span>{reduced ? `all, ${map === 'rgb' || map === 'label' ? 'one' : 'largest |·|'} of ${view.blockRows} × ${view.blockCols}` : `${view.pixels} px per cell`}</span>
          <button type="button" aria-label="Zoom in" disabled={pixels === levels.at(-1)} onClick={() => zoom(1)}>+</button>
        </div>
        {children}
      </div>
    </div>
  );
}

/** The crosshair over the window shown. */
function Window({ axes, view }: { readonly axes: readonly [string, string]; readonly view: View }) {
  const crosshair = useCrosshair();
  const [hovered, setHovered] = useState<Cell>();
  useEffect(() => crosshair.subscribe(setHovered), [crosshair]);
  const line = (index: number | undefined, start: number, shown: number, block: number): number | undefined =>
    index === undefined || index < start || index >= start + shown ? undefined : (Math.floor((index - start) / block) + 0.5) * view.pixels;
  const y = line(hovered?.[axes[0]], view.row0, view.rows, view.blockRows);
  const x = line(hovered?.[axes[1]], view.col0, view.cols, view.blockCols);
  return (
    <>
      {y !== undefined && <i className="cross cross-row" style={{ display: 'block', top: y }} />}
      {x !== undefined && <i className="cross cross-col" style={{ display: 'block', left: x }} />}
    </>
  );
}
