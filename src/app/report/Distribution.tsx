import type { TensorStats } from '../../report/contract';
import { MINUS, number, percent } from '../../ui/format';
import { outlierBins } from './rows';

interface Props {
  readonly stats: TensorStats;
  readonly width: number;
  readonly height: number;
  /** Drawn with its axis. */
  readonly large?: boolean;
}

/** Bins of the small picture: neighbours are joined until they are wide enough to be seen. */
function joined<T>(values: readonly T[], most: number, join: (group: readonly T[]) => T): T[] {
  const size = Math.ceil(values.length / most);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => join(values.slice(i * size, (i + 1) * size)));
}

/** Values of a tensor, counts on a log scale; bins beyond the outlier threshold in the colour of their sign. */
export function Distribution({ stats, width, height, large = false }: Props) {
  const { counts, limit } = stats.histogram;
  const most = large ? counts.length : Math.floor(width / 2);
  const bins = joined(counts, most, (group) => group.reduce((sum, n) => sum + n, 0));
  const marks = joined(outlierBins(stats), most, (group) => group.some(Boolean));
  const top = Math.log1p(Math.max(1, ...bins));
  const step = width / bins.length;
  const half = bins.length / 2;
  const path = (wanted: (i: number) => boolean): string =>
    bins.map((n, i) => (n > 0 && wanted(i) ? `M${(i * step).toFixed(2)} ${height}v${(-Math.max(1, (height * Math.log1p(n)) / top)).toFixed(1)}h${Math.max(0.8, step - 0.4).toFixed(2)}V${height}z` : '')).join('');
  const end = number(limit);
  const label = `Values from ${MINUS}${end} to ${end}; ${percent(stats.outlierShare)} of them outliers`;
  return (
    <svg className="distribution" width={width} height={height + (large ? 18 : 1)} role="img" aria-label={label}>
      <path d={path((i) => !marks[i])} fill="var(--ink2)" />
      <path className="distribution-low" d={path((i) => marks[i] && i < half)} />
      <path className="distribution-high" d={path((i) => marks[i] && i >= half)} />
      <path d={`M0 ${height + 0.5}H${width}`} stroke="var(--line2)" shapeRendering="crispEdges" />
      {large && <><text x="0" y={height + 15}>{MINUS}{end}</text><text x={width / 2} y={height + 15} textAnchor="middle">0</text><text x={width} y={height + 15} textAnchor="end">{end}</text></>}
    </svg>
  );
}
