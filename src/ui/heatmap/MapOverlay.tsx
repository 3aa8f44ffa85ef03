/** What a mask does to a square attention map: band, sink, tiles, kept blocks, sampled rows. Lies over the map, its parent positioned. */

import { memo, useId, useMemo } from 'react';

import { Hatch } from './Hatch';
import { bandPath, keptPaths, tilesPath, type KeptBlocks } from './map-paths';
import './heatmap.css';

export interface MapOverlayProps {
  /** Tokens each way. */
  readonly size: number;
  /** Half-width of the band |q − k| ≤ band, tokens. */
  readonly band?: number;
  /** Keys from 0 that every query keeps, tokens. */
  readonly sink?: number;
  readonly text?: { readonly start: number; readonly count: number };
  /** [⌈N/edge⌉²]: 0 skipped, 1 full, 2 partial. */
  readonly tiles?: { readonly edge: number; readonly classes: ArrayLike<number> };
  readonly kept?: KeptBlocks;
  /** Sampled queries, as ticks at the left edge. */
  readonly rows?: ArrayLike<number>;
  readonly pickedRow?: number;
}

function Tiles({ edge, classes, size }: { readonly edge: number; readonly classes: ArrayLike<number>; readonly size: number }) {
  const hatch = useId();
  const across = Math.ceil(size / edge);
  const paths = useMemo(() => ({ skipped: tilesPath(classes, across, 'skipped'), partial: tilesPath(classes, across, 'partial') }), [classes, across]);
  return (
    <g transform={`scale(${edge})`}>
      <defs><Hatch id={hatch} scale={(edge * 200) / size} /></defs>
      <path className="map-dropped" d={paths.skipped} />
      <path d={paths.partial} style={{ fill: `url(#${hatch})` }} />
    </g>
  );
}

function Kept({ blocks }: { readonly blocks: KeptBlocks }) {
  const { dropped, border } = useMemo(() => keptPaths(blocks), [blocks]);
  return <><path className="map-dropped" d={dropped} /><path className="map-border" d={border} /></>;
}

export const MapOverlay = memo(({ size, band, sink, text, tiles, kept, rows, pickedRow }: MapOverlayProps) => {
  const edge = band === undefined ? '' : bandPath(size, band);
  const ends = text && text.count > 0 ? [text.start, text.start + text.count].filter((t) => t > 0 && t < size) : [];
  const tick = size / 28;
  return (
    <svg className="map-overlay" viewBox={`0 0 ${size} ${size}`} preserveAspectRatio="none" aria-hidden="true">
      {tiles && <Tiles {...tiles} size={size} />}
      {kept && <Kept blocks={kept} />}
      {ends.map((t) => <path key={t} className="map-text" d={`M${t} 0V${size}M0 ${t}H${size}`} />)}
      {[edge, sink !== undefined && sink > 0 && sink < size ? `M${sink} 0V${size}` : ''].map((d) => d && (
        <g key={d}><path className="map-halo" d={d} /><path className="map-edge" d={d} /></g>
      ))}
      {rows && rows.length > 0 && <path className="map-rows" d={Array.from(rows, (q) => `M${-tick} ${q + 0.5}H0`).join('')} />}
      {pickedRow !== undefined && <><path className="map-halo" d={`M0 ${pickedRow + 0.5}H${size}`} /><path className="map-picked" d={`M0 ${pickedRow + 0.5}H${size}`} /></>}
    </svg>
  );
});

const WORDS = {
  band: 'edge of the band', sink: 'edge of the sink', text: 'text', skipped: 'tile skipped', partial: 'tile kept in part', full: 'tile kept whole',
  kept: 'kept blocks', dropped: 'dropped', rows: 'sampled queries', picked: 'this query',
} as const;
export type MapMark = keyof typeof WORDS;

function Sample({ mark }: { readonly mark: MapMark }) {
  const hatch = useId();
  switch (mark) {
    case 'band': return <path className="map-edge" d="M2 1L15 9" />;
    case 'sink': return <path className="map-edge" d="M8 0V10" />;
    case 'text': return <path className="map-text" d="M8 0V10M1 5H15" />;
    case 'rows': return <path className="map-rows" d="M5 2H11M5 5H11M5 8H11" />;
    case 'picked': return <path className="map-picked" d="M1 5H15" />;
    case 'kept': return <path className="map-border" d="M2 1H14V9H2Z" />;
    case 'partial': return <><defs><Hatch id={hatch} /></defs><path className="map-frame" d="M1 .5H15V9.5H1Z" style={{ fill: `url(#${hatch})` }} /></>;
    case 'full': return <path className="map-frame" d="M1 .5H15V9.5H1Z" />;
    default: return <><path className="map-dropped" d="M1 .5H15V9.5H1Z" /><path className="map-frame" d="M1 .5H15V9.5H1Z" /></>;
  }
}

/** What the marks of an overlay mean. */
export function MapLegend({ show }: { readonly show: readonly MapMark[] }) {
  return (
    <ul className="map-legend">
      {show.map((mark) => <li key={mark}><svg width="16" height="10" aria-hidden="true"><Sample mark={mark} /></svg>{WORDS[mark]}</li>)}
    </ul>
  );
}
