/** A video as frames side by side: its pixels, one value per token in ink, or its clusters in paint. One token can be picked. */

import { memo, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import type { MapTheme } from '../color/maps';
import { labelScale, rgbScale, type ColorScale } from '../color/scale';
import { useWidth } from '../charts/useWidth';
import { useCrosshair } from '../heatmap/crosshair';
import { paintGrid } from '../heatmap/paint';
import { Ramp } from '../strip/Ramp';
import { Hovered, Marks } from './FrameMarks';
import { cornerOf, layoutFrames, movedToken, tokensOf, tokenUnder, tokenWords, type FrameGrid, type FrameLayout } from './frames';
import type { FrameLayer } from './layer';
import './video.css';

export type { FrameLayer } from './layer';

export interface FrameStripProps {
  readonly grid: FrameGrid;
  readonly layer: FrameLayer;
  readonly theme: MapTheme;
  /** What the frames show, for readers of the page who do not see it. */
  readonly label: string;
  /** The picked token. */
  readonly token?: number;
  readonly onPick?: (token: number) => void;
  /** Name of the token index in the linked crosshair. */
  readonly axis?: string;
  /** 1 for each token that is not in use (dropped): pale, or hatched where paleness would read as a small value. */
  readonly muted?: ArrayLike<number>;
  /** What the readout says of a token after its place. */
  readonly describe?: (token: number) => string;
  readonly perRow?: number;
  readonly maxRows?: number;
  readonly maxCell?: number;
  /** Number below each frame. */
  readonly numbers?: boolean;
  readonly readout?: boolean;
  /** The printed scale of an ink layer; false where a strip beside this one on the same scale prints it. */
  readonly ramp?: boolean;
  /** At the left of the line below the frames; the readout follows. */
  readonly caption?: ReactNode;
}

const FOOT = 15;

interface FrameProps {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
  readonly scale: ColorScale;
  readonly theme: MapTheme;
  readonly layout: FrameLayout;
  readonly frame: number;
}

const Frame = memo(({ data, rows, cols, scale, theme, layout, frame }: FrameProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current) paintGrid(canvas.current, { data, rows, cols }, scale, theme);
  }, [data, rows, cols, scale, theme]);
  const { perRow, stepX, stepY, width, height } = layout;
  return (
    <canvas
      ref={canvas} className="heatmap frame" aria-hidden="true" data-smooth={width % cols !== 0}
      style={{ left: (frame % perRow) * stepX, top: Math.floor(frame / perRow) * stepY, width, height }}
    />
  );
});

/** Values, size and scale of every frame's picture. */
function picturesOf({ frames, rows, cols, detail = 1 }: FrameGrid, layer: FrameLayer): { readonly parts: readonly Float32Array[]; readonly rows: number; readonly cols: number; readonly scale: ColorScale } {
  const zoom = layer.kind === 'pixels' ? detail : 1;
  const size = rows * cols * zoom * zoom * (layer.kind === 'pixels' ? 3 : 1);
  const data = layer.data instanceof Float32Array ? layer.data : Float32Array.from(layer.data);
  const lit = layer.kind === 'labels' && layer.picked !== undefined ? new Set([layer.picked, ...(layer.lit ?? [])]) : layer.kind === 'labels' ? layer.lit : undefined;
  const scale = layer.kind === 'pixels' ? rgbScale : layer.kind === 'ink' ? layer.scale : labelScale(layer.count, lit, layer.paint);
  return { parts: Array.from({ length: frames }, (_, f) => data.subarray(f * size, (f + 1) * size)), rows: rows * zoom, cols: cols * zoom, scale };
}

export function FrameStrip({ grid, layer, theme, label, token, onPick, axis = 'token', muted, describe, perRow, maxRows, maxCell, numbers = true, readout = true, ramp = true, caption }: FrameStripProps) {
  const crosshair = useCrosshair();
  const [box, width] = useWidth<HTMLDivElement>(920);
  const [hovered, hover] = useState<number>();
  const words = useId();
  const { frames, rows, cols, detail } = grid;
  const layout = useMemo(
    () => layoutFrames({ frames, rows, cols, detail }, width, { perRow, maxRows, maxCell, foot: numbers ? FOOT : 0 }),
    [frames, rows, cols, detail, width, perRow, maxRows, maxCell, numbers],
  );
  const pictures = useMemo(() => picturesOf({ frames, rows, cols, detail }, layer), [frames, rows, cols, detail, layer]);
  const under = (event: PointerEvent<HTMLElement>): number | undefined => {
    const frame = event.currentTarget.getBoundingClientRect();
    return tokenUnder(grid, layout, event.clientX - frame.left, event.clientY - frame.top);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedToken(grid, token ?? 0, event);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // arrows also step the lesson
    onPick?.(token === undefined ? 0 : next);
  };
  const said = hovered ?? token;
  const ring = token === undefined || token >= tokensOf(grid) ? undefined : cornerOf(grid, layout, token);
  return (
    <div ref={box} className="frames" data-kind={layer.kind}>
      {/* Frames that arrow keys walk over: no HTML element has this role, so the keys must reach the page (application). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-static-element-interactions */}
      <div
        role={onPick ? 'application' : 'img'} {...(onPick && { tabIndex: 0, 'aria-roledescription': 'video frames' })} aria-label={onPick ? `${label}: arrow keys move the token, Page Up and Page Down change the frame` : label}
        aria-describedby={readout ? words : undefined} className="frames-box" data-pickable={onPick !== undefined} style={{ width: layout.totalWidth, height: layout.totalHeight }}
        onKeyDown={onPick && onKeyDown}
        onPointerMove={(event) => {
          const at = under(event);
          crosshair.set(at === undefined ? undefined : { [axis]: at });
        }}
        onPointerLeave={() => crosshair.set(undefined)}
        onPointerUp={(event) => {
          const at = under(event);
          if (at !== undefined && event.button === 0) onPick?.(at);
        }}
      >
        {pictures.parts.map((data, f) => <Frame key={`${f} of ${frames}`} data={data} rows={pictures.rows} cols={pictures.cols} scale={pictures.scale} theme={theme} layout={layout} frame={f} />)}
        <Marks grid={grid} layer={layer} layout={layout} muted={muted} />
        {numbers && pictures.parts.map((_, f) => (
          <small key={`${f} of ${frames}`} aria-hidden="true" style={{ left: (f % layout.perRow) * layout.stepX, top: Math.floor(f / layout.perRow) * layout.stepY + layout.height + 2 }}>{f}</small>
        ))}
        {ring && <i className="frame-ring" style={{ width: layout.cell, height: layout.cell, transform: `translate(${ring[0]}px, ${ring[1]}px)` }} />}
        <Hovered grid={grid} layout={layout} axis={axis} say={hover} />
      </div>
      {(readout || caption !== undefined || (ramp && layer.kind === 'ink')) && (
        <div className="frames-foot">
          {caption !== undefined && <span className="frames-caption">{caption}</span>}
          {readout && <span id={words} className="frames-said">{said !== undefined && said < tokensOf(grid) ? <><b>{tokenWords(grid, said)}</b>{describe && `: ${describe(said)}`}</> : onPick ? 'Choose a token.' : ''}</span>}
          {ramp && layer.kind === 'ink' && <Ramp symbols={layer.symbol ?? ''} scale={layer.scale} theme={theme} />}
        </div>
      )}
    </div>
  );
}
