/** The sampled rows of the chosen head: the error of each under the spatial and the temporal mask, and their means. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import { useWidth } from '../../ui/charts/useWidth';
import { count, percent } from '../../ui/format';
import { markerShape, Marker, slotColor } from '../../ui/markers/Marker';
import { METHODS } from './names';

const [TOP, BOTTOM] = [6, 4];
/** More rows than these are dots without lines. */
const LINES = 96;
const MASKS = ['spatial', 'temporal'] as const;

interface RowErrorsProps {
  readonly run: Pick<Run, 'vectors' | 'scalars'>;
  readonly height: number;
}

const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / Math.max(1, values.length));

/** Rows by where they stand in the video; each a pair of marks that a line joins, so that the nearer mask is seen row by row. */
export function RowErrors({ run: { vectors, scalars }, height }: RowErrorsProps) {
  const [frame, width] = useWidth<HTMLDivElement>(292);
  const [rows, spatial, temporal] = [vectors['rows']?.data, vectors['row_spatial']?.data, vectors['row_temporal']?.data];
  const drawn = useMemo(() => {
    if (!rows || !spatial || !temporal) return undefined;
    const top = Math.max(1e-9, ...spatial, ...temporal);
    const order = Array.from(rows.keys()).sort((a, b) => rows[a] - rows[b]);
    return { top, order };
  }, [rows, spatial, temporal]);
  if (!drawn || !rows || !spatial || !temporal) return null;
  const { top, order } = drawn;
  const floor = height - BOTTOM;
  const x = (i: number): number => 30 + ((i + 0.5) / order.length) * (width - 34);
  const y = (error: number): number => floor - (error / top) * (floor - TOP);
  const won = order.filter((r) => temporal[r] < spatial[r]).length;
  const { spatialError = rms(spatial), temporalError = rms(temporal) } = scalars;
  const means = { spatial: spatialError, temporal: temporalError };
  return (
    <>
      <div className="row-errors" ref={frame} style={{ height }}>
        <svg width={width} height={height} role="img" aria-label={`Errors of ${count(order.length, 'sampled row')}: spatial mask ${percent(means.spatial, 1)}, temporal mask ${percent(means.temporal, 1)} over all of them; the temporal mask is nearer in ${won}.`}>
          <path d={`M26 ${floor}.5H${width}`} stroke="var(--line2)" shapeRendering="crispEdges" />
          <text x="0" y={TOP + 5}>{percent(top, 0)}</text>
          <text x="0" y={floor}>0</text>
          {order.length <= LINES && <path d={order.map((r, i) => `M${x(i).toFixed(1)} ${y(spatial[r]).toFixed(1)}V${y(temporal[r]).toFixed(1)}`).join('')} stroke="var(--line2)" />}
          {MASKS.map((mask) => (
            <g key={mask}>
              {order.length > LINES
                ? <path d={order.map((r, i) => `M${(x(i) - 1).toFixed(1)} ${(y((mask === 'spatial' ? spatial : temporal)[r]) - 1).toFixed(1)}h2v2h-2z`).join('')} fill={slotColor(METHODS[mask].slot)} />
                : order.map((r, i) => <g key={r} transform={`translate(${(x(i) - 4).toFixed(1)} ${(y((mask === 'spatial' ? spatial : temporal)[r]) - 4).toFixed(1)}) scale(.667)`}>{markerShape(METHODS[mask].slot)}</g>)}
            </g>
          ))}
        </svg>
      </div>
      <div className="strip-cap">
        <span><b>Error of {count(order.length, 'sampled row')}</b></span>
        <span className="row-key"><Marker slot={METHODS.spatial.slot} size={9} />spatial<Marker slot={METHODS.temporal.slot} size={9} />temporal</span>
      </div>
    </>
  );
}
