import type { Run } from '../../run/run';
import { percent, times } from '../../ui/format';
import { slotColor } from '../../ui/markers/Marker';
import { Rich, Sym } from '../../ui/symbol/Symbol';
import { VERDICTS } from './names';

export const HERO = 'svg';

/** Share in % with two digits that count: '0.34', '7.2', '30'. */
export function share(value: number): string {
  const shown = 100 * value;
  return shown === 0 ? '0' : shown < 0.01 ? '< 0.01' : shown >= 9.95 ? shown.toFixed(0) : shown.toPrecision(2);
}

interface FigureProps {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  readonly pinned?: number;
}

function Figure({ value, label, color, pinned }: FigureProps) {
  return (
    <div>
      <div className="take-figure" style={{ color }}>{share(value)}<small>%</small></div>
      <div className="take-method">{label}</div>
      {pinned !== undefined && <div className="take-pinned">pinned {share(pinned)} %</div>}
    </div>
  );
}

/** What is kept, what it costs, and what the whole can gain at most. */
export function sentence({ scalars }: Pick<Run, 'scalars'>): { readonly lead: string; readonly rest: string } {
  const { density = 1, recall = 1, attentionShare = 0, speedupAtTiles = 1, speedupBound = 1, gateDense = 0, sparseDensity = 1, sparseError = 0, step = 1 } = scalars;
  const whole = `if attention is ${percent(attentionShare, 0)} of the time: at most ${times(speedupBound)} if it were free`;
  if (gateDense) {
    return { lead: 'Kept dense.', rest: `The method leaves step ${step} as it is; its mask would compute ${percent(sparseDensity, 0)} of the pairs, with an error of ${percent(sparseError, 1)}.` };
  }
  return {
    lead: `${percent(density, 0)} of the pairs hold ${percent(recall, 0)} of the attention.`,
    rest: speedupAtTiles >= 1.005 ? `The whole is at most ${times(speedupAtTiles)} as fast, ${whole}.` : `The tiles that must run gain nothing, ${whole}.`,
  };
}

/** The largest numerals on the page: what share of the pairs is computed, and what that changes. */
export function Headline({ run, pinned }: { readonly run: Run; readonly pinned?: Run }) {
  const { scalars } = run;
  const { density, relativeError, head = 1, verdict = 0, gateDense = 0 } = scalars;
  if (density === undefined || relativeError === undefined) return null;
  const { lead, rest } = sentence(run);
  const judged = gateDense ? 'dense at this step' : `judged ${VERDICTS[verdict].toLowerCase()}`;
  return (
    <div className="take" aria-live="polite">
      <h3>Head {head}, {judged}</h3>
      <div className="take-row">
        <Figure value={density} label="of the pairs are computed" color="var(--ink2)" pinned={pinned?.scalars['density']} />
        <Figure value={relativeError} label="error of the output" color={slotColor('hero')} pinned={pinned?.scalars['relativeError']} />
        <p><b>{lead}</b> {rest}<br /><span>Error: <Sym text="‖E‖ / ‖O‖" /> of this head. <Rich text="*O*: dense attention." /></span></p>
      </div>
    </div>
  );
}
