import type { Spectrum } from '../../run/run';
import { useWidth } from '../charts/useWidth';
import { number } from '../format';
import { Sym } from '../symbol/Symbol';
import { spoken } from '../symbol/parse';

const [LEFT, MARGIN, TOP, BOTTOM] = [26, 12, 10, 136];
/** Decades below the largest value that the axis spans. */
const SPAN = 400;
/** What a line is for: context, the matrix that is split, or what is left of it. Label: its place along the line and its distance. */
const STYLES = {
  context: { line: { stroke: 'var(--line2)', strokeWidth: 1.2 }, along: 0.72, above: -6 },
  split: { line: { stroke: 'var(--ink)', strokeWidth: 1.2, strokeDasharray: '2 2' }, along: 0.6, above: -6 },
  rest: { line: { stroke: 'var(--ink)', strokeWidth: 2 }, along: 0.5, above: 14 },
} as const;

export interface SpectrumLine {
  readonly spectrum: Spectrum;
  readonly role: keyof typeof STYLES;
}

/** At most this many points per line: a spectrum of thousands is drawn at an even stride, its ends kept. */
const POINTS = 400;

function pointsOf(values: Float32Array): number[] {
  const n = values.length;
  if (n <= POINTS) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: POINTS }, (_, i) => Math.round((i * (n - 1)) / (POINTS - 1)));
}

/** Singular values on a log axis; those that the branch keeps stand on a grey band. A shorter spectrum is what remains, so it starts further right. */
export function SpectrumChart({ lines }: { readonly lines: readonly SpectrumLine[] }) {
  const [frame, room] = useWidth<HTMLElement>(258);
  const right = Math.max(LEFT + 80, room - MARGIN);
  const spectra = lines.map((l) => l.spectrum);
  const length = Math.max(1, ...spectra.map((s) => s.values.length));
  const high = Math.max(...spectra.map((s) => s.values[0] ?? 0)) * 1.6;
  if (!(high > 0)) return null;
  const low = high / SPAN;
  const kept = Math.max(0, ...spectra.map((s) => s.kept ?? 0));
  const x = (i: number): number => LEFT + ((right - LEFT) * i) / Math.max(1, length - 1);
  const y = (v: number): number => BOTTOM - ((BOTTOM - TOP) * Math.log(Math.max(v, low) / low)) / Math.log(SPAN);
  const first = Math.floor(Math.log10(high));
  const ticks = [first, first - 1, first - 2].map((e) => 10 ** e).filter((v) => v < high && v > low * 1.3);
  const drawn = lines.map(({ spectrum: s, role }) => {
    const offset = length - s.values.length;
    const at = pointsOf(s.values);
    const { line, along, above } = STYLES[role];
    const label = at[Math.floor(at.length * along)] ?? 0;
    return {
      ...s, line, labelX: x(label + offset), labelY: y(s.values[label] ?? low) + above,
      d: at.map((i) => `${x(i + offset).toFixed(1)} ${y(s.values[i]!).toFixed(1)}`).join('L'),
    };
  });
  return (
    <figure ref={frame} className="mini">
      <figcaption>Singular values <span><Sym text="σ_i" />, log scale</span></figcaption>
      <svg width={room} height="156" role="img" aria-label={`Singular values of ${spectra.map((s) => spoken(s.symbol)).join(', ')}; the branch keeps the first ${kept}`}>
        {kept > 0 && <rect x={LEFT} y="6" width={Math.max(1, x(kept) - LEFT)} height={BOTTOM - 6} fill="var(--bg3)" />}
        {ticks.map((v) => (
          <g key={v}>
            <path d={`M${LEFT} ${Math.round(y(v)) + 0.5}H${right}`} stroke="var(--line)" shapeRendering="crispEdges" />
            <text x={LEFT - 4} y={y(v) + 4} textAnchor="end">{Number(v.toPrecision(1))}</text>
          </g>
        ))}
        {drawn.map((s) => s.d && <path key={s.id} d={`M${s.d}`} fill="none" strokeLinejoin="round" {...s.line} />)}
        {drawn.map((s) => s.d && (
          <foreignObject key={s.id} x={s.labelX - 6} y={s.labelY - 18} width="24" height="26" className="spectrum-label"><Sym text={s.symbol} /></foreignObject>
        ))}
        {kept > 0 && <text x={Math.min(x(kept) + 4, right - 92)} y="15" style={{ fill: 'var(--ink)' }}>first {kept}: the branch</text>}
        <path d={`M${LEFT} ${BOTTOM}.5H${right}`} stroke="var(--line2)" shapeRendering="crispEdges" />
        <text x={LEFT} y="151">1</text>
        <text x={right} y="151" textAnchor="end">{length}</text>
      </svg>
      <span className="visually-hidden">Largest: {drawn.map((s) => `${spoken(s.symbol)} ${number(s.values[0] ?? 0)}`).join(', ')}</span>
    </figure>
  );
}
