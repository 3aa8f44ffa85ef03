import { useMemo } from 'react';

import { useWidth } from '../charts/useWidth';
import { MINUS, number } from '../format';
import { BINS, histogram } from './stats';

const HEIGHT = 74;

/** Values from −max to +max (from 0 where none is negative) in 61 bins, counts on a log scale. */
export function Histogram({ data, max }: { readonly data: Float32Array; readonly max: number }) {
  const [frame, room] = useWidth<HTMLElement>(258);
  const above = useMemo(() => max > 0 && !data.some((v) => v < 0), [data, max]);
  const counts = useMemo(() => histogram(data, max, above), [data, max, above]);
  const top = Math.log10(Math.max(...counts) + 1);
  const width = room / BINS;
  const d = [...counts].map((c, i) => {
    const height = c ? (70 * Math.log10(c + 1)) / top : 0;
    return height ? `M${(i * width).toFixed(2)} ${HEIGHT}v${(-height).toFixed(1)}h${(width - 0.7).toFixed(2)}V${HEIGHT}Z` : '';
  }).join('');
  const end = number(max);
  const start = above ? '0' : MINUS + end;
  return (
    <figure ref={frame} className="mini">
      <figcaption>Values <span>count, log scale</span></figcaption>
      <svg width={room} height="92" role="img" aria-label={`Histogram of the values from ${start} to ${end}; largest bin ${Math.max(...counts)} of ${data.length}`}>
        <path d={d} fill="var(--ink2)" />
        <path d={`M0 ${HEIGHT}.5H${room}`} stroke="var(--line2)" shapeRendering="crispEdges" />
        <text x="0" y="88">{start}</text>
        {!above && <text x={room / 2} y="88" textAnchor="middle">0</text>}
        <text x={room} y="88" textAnchor="end">{end}</text>
      </svg>
    </figure>
  );
}
