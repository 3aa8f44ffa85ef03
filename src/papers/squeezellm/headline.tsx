import { storesWeights, type MethodResult, type Run, type WeightResult } from '../../run/run';
import { bits, MINUS, number, times } from '../../ui/format';
import { Marker, slotColor } from '../../ui/markers/Marker';
import { Sym } from '../../ui/symbol/Symbol';

export const BASELINE = 'rtn';
export const HERO = 'dense-and-sparse';

const methodOf = (run: Run | undefined, id: string): WeightResult | undefined => run?.methods.filter(storesWeights).find((m) => m.id === id);

/** What the two large figures count: loss where a network is measured, else the weighted error of the matrix. */
export interface Lead {
  readonly kind: 'loss' | 'weighted';
  readonly base: number;
  readonly hero: number;
}

export function leadOf(run: Run | undefined): Lead | undefined {
  const { lossIncreaseRtn, lossIncrease, weightedRelativeRtn, weightedRelative } = run?.scalars ?? {};
  if (lossIncreaseRtn !== undefined && lossIncrease !== undefined) return { kind: 'loss', base: lossIncreaseRtn, hero: lossIncrease };
  if (weightedRelativeRtn !== undefined && weightedRelative !== undefined) return { kind: 'weighted', base: weightedRelativeRtn, hero: weightedRelative };
  return undefined;
}

/** Two digits that count: 0.020, 0.71, 1.8, 23; of a share, in %. Losses that sampling noise makes negative keep their sign. */
export function figure(value: number, kind: Lead['kind']): string {
  const shown = kind === 'weighted' ? 100 * value : value;
  const size = Math.abs(shown);
  const text = size >= 10 ? size.toFixed(0) : size >= 0.001 ? size.toPrecision(2) : size === 0 ? '0' : '< 0.001';
  return shown < 0 && text !== '< 0.001' ? MINUS + text : text;
}

interface FigureProps {
  readonly method: MethodResult;
  readonly kind: Lead['kind'];
  readonly value: number;
  readonly pinned?: number;
}

function Figure({ method, kind, value, pinned }: FigureProps) {
  const unit = kind === 'weighted' ? '%' : undefined;
  return (
    <div>
      <div className="take-figure" style={{ color: slotColor(method.slot) }}>{figure(value, kind)}{unit && <small>{unit}</small>}</div>
      <div className="take-method"><Marker slot={method.slot} />{method.label}</div>
      {pinned !== undefined && <div className="take-pinned">pinned {figure(pinned, kind)} {unit}</div>}
    </div>
  );
}

/** Below this many nats a loss increase is noise of the samples, and a ratio to it means nothing. */
const NOISE = 5e-4;

/** What it bought and what it cost, in one sentence. */
export function sentence(run: Run, { kind, base, hero }: Lead): { readonly lead: string; readonly rest: string } {
  const [from, to] = [methodOf(run, BASELINE)!, methodOf(run, HERO)!];
  const what = kind === 'loss' ? 'added loss' : 'weighted error';
  const small = kind === 'loss' && (hero < NOISE || base < NOISE);
  const ratio = base / hero;
  const lead = small
    ? (hero >= NOISE ? 'No gain in loss' : base >= NOISE ? 'Almost no added loss' : 'Neither adds to the loss')
    : ratio >= 1.005 ? `${times(ratio)} less ${what}` : ratio <= 0.995 ? `${times(1 / ratio)} more ${what}` : `The same ${what}`;
  const more = to.bitsPerWeight - from.bitsPerWeight;
  const cost = Math.abs(more) < 0.005 ? 'for no more bits per weight' : `for ${bits(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} bits per weight`;
  const wide = run.scalars['bitsPerWeight4096'];
  return { lead, rest: wide !== undefined && more > 0.005 ? `${cost} (${bits(wide - run.scalars['bits']!)} in a layer of 4096 inputs).` : `${cost}.` };
}

/** The error that the lead does not name, so that both are always seen. */
function beside(run: Run, { kind }: Lead): string | undefined {
  const [from, to] = [run.scalars['weightedErrorRtn'], run.scalars['weightedError']];
  if (kind !== 'loss' || from === undefined || to === undefined) return undefined;
  const ratio = from / to;
  return Number.isFinite(ratio) ? `Weighted error of this layer: ${ratio >= 1 ? `${times(ratio)} less` : `${times(1 / ratio)} more`} (${number(from)} → ${number(to)}).` : undefined;
}

/** The largest numerals on the page: what rounding to nearest loses, and what dense and sparse loses. */
export function Headline({ run, pinned }: { readonly run: Run; readonly pinned?: Run }) {
  const [base, hero, lead] = [methodOf(run, BASELINE), methodOf(run, HERO), leadOf(run)];
  if (!base || !hero || !lead) return null;
  const { lead: gain, rest } = sentence(run, lead);
  const old = leadOf(pinned);
  const before = old?.kind === lead.kind ? old : undefined;
  return (
    <div className="take" aria-live="polite">
      <h3>{lead.kind === 'loss' ? 'Loss added to the 16-bit network, nats' : <>Weighted error, <Sym text="‖√F·E‖ / ‖√F·W‖" /></>}</h3>
      <div className="take-row">
        <Figure method={base} kind={lead.kind} value={lead.base} pinned={before?.base} />
        <Figure method={hero} kind={lead.kind} value={lead.hero} pinned={before?.hero} />
        <p><b>{gain}</b> {rest}<br /><span>{beside(run, lead)}</span></p>
      </div>
    </div>
  );
}
