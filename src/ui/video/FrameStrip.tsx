/** A video as frames side by side: its pixels, one value per token in ink, or its clusters in paint. One token can be picked. */

import { memo, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import type { MapTheme } from '../color/maps';
import { labelScale, rgbScale, type ColorScale } from '../color/scale';
import { useWidth } from '../charts/useWidth';
import { useCrosshair } from '../heatmap/crosshair';
import { Hatch } from '../heatmap/Hatch';
import { paintGrid } from '../heatmap/paint';
import { Ramp } from '../strip/Ramp';
import { cornerOf, layoutFrames, movedToken, tokensOf, tokenUnder, tokenWords, type FrameGrid, type FrameLayout } from './frames';
import { fillOf, outlineOf } from './outline';
import './video.css';

export type FrameLayer =
  /** [frames, rows·detail, cols·detail, 3], sRGB 0 … 1. */
  | { readonly kind: 'pixels'; readonly data: Float32Array }
  /** [frames·rows·cols], ≥ 0, all frames on one scale. */
  | { readonly kind: 'ink'; readonly data: Float32Array; readonly scale: ColorScale; readonly symbol?: string }
  /** [frames·rows·cols], names from 0. `picked` is outlined and all but it and `lit` are pale. `paint`: the colour of each name where it is not its own. */
  | { readonly kind: 'labels'; readonly data: ArrayLike<number>; readonly count: number; readonly picked?: number; readonly lit?: ReadonlySet<number>; readonly paint?: ArrayLike<number> };

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

/** Everything over the pictures that no pointer moves: unused tokens, the picked cluster. */
const Marks = memo(({ grid, layer, layout, muted }: Pick<FrameStripProps, 'grid' | 'layer' | 'muted'> & { readonly layout: FrameLayout }) => {
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
function Hovered({ grid, layout, axis, say }: { readonly grid: FrameGrid; readonly layout: FrameLayout; readonly axis: string; readonly say: (token: number | undefined) => void }) {
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
