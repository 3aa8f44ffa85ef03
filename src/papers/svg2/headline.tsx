import type { MethodResult, Run } from '../../run/run';
import { PENDING, percent, times } from '../../ui/format';
import { Marker, slotColor } from '../../ui/markers/Marker';
import { Sym } from '../../ui/symbol/Symbol';
import { METHODS } from './names';

export const HERO = 'svg2';
export const BASELINE = 'place';

/** What the large figures count. */
export interface Lead {
  readonly density: number;
  readonly recall: number;
  readonly relativeError: number;
}

const MEASURES = [
  ['density', 'Density', 'pairs kept'],
  ['recall', 'Recall', 'attention kept'],
  ['relativeError', 'Error', '‖E‖/‖O‖'],
] as const;

export function leadOf(run: Pick<Run, 'methods'> | undefined, id: string): Lead | undefined {
  const found = run?.methods.find((m: MethodResult) => m.id === id);
  return found?.density === undefined || found.recall === undefined ? undefined : { density: found.density, recall: found.recall, relativeError: found.relativeError };
}

/** Three digits that count, in %: 0.42, 7.1, 15.5, 100. */
export function figure(share: number): string {
  const shown = 100 * share;
  if (shown === 0) return '0';
  return shown < 0.001 ? '< 0.001' : shown >= 99.95 ? '100' : shown >= 1 ? shown.toFixed(1) : shown.toPrecision(2);
}

/** As few digits as tell 99.7 % from all. */
export const whole = (share: number | undefined): string => (share === undefined ? '' : percent(share, share === 1 || (share >= 0.0995 && share < 0.995) ? 0 : 1));

/** What was kept for what, in two sentences. */
export function sentence(hero: Lead, base: Lead | undefined): { readonly lead: string; readonly rest: string } {
  const lead = hero.density >= 0.9995 ? 'Every pair is kept.' : `${figure(hero.density)} % of the pairs hold ${figure(hero.recall)} % of the attention.`;
  if (!base || hero.density >= 0.9995) return { lead, rest: '' };
  const ratio = base.relativeError / hero.relativeError;
  const compared = !Number.isFinite(ratio) ? '' : ratio >= 1.005 ? `, ${times(ratio)} the error` : ratio <= 0.995 ? `, ${times(1 / ratio)} less error` : ', the same error';
  return { lead, rest: `As many in blocks of places: ${figure(base.recall)} %${compared}.` };
}

interface LineProps {
  readonly id: 'svg2' | 'place';
  readonly label: string;
  readonly lead: Lead | undefined;
  readonly pinned?: Lead;
}

function Line({ id, label, lead, pinned }: LineProps) {
  const { slot } = METHODS[id];
  return (
    <tr data-method={id}>
      <th scope="row"><span className="take-method"><Marker slot={slot} />{label}</span></th>
      {MEASURES.map(([measure]) => (
        <td key={measure}>
          <span className="take-figure" style={{ color: slotColor(slot) }}>{lead ? figure(lead[measure]) : PENDING}{lead && <small>%</small>}</span>
          {pinned && <span className="take-pinned">pinned {figure(pinned[measure])} %</span>}
        </td>
      ))}
    </tr>
  );
}

/** The largest numerals on the page: what was computed, what that holds, and what it costs in error. */
export function Headline({ run, pinned }: { readonly run: Run; readonly pinned?: Run }) {
  const [hero, base] = [leadOf(run, HERO), leadOf(run, BASELINE)];
  if (!hero) return null;
  const { lead, rest } = sentence(hero, base);
  const before = leadOf(pinned, HERO);
  return (
    <div className="take" aria-live="polite">
      <table>
        <thead>
          <tr>
            <th scope="col"><span className="visually-hidden">Method</span></th>
            {MEASURES.map(([measure, word, what]) => <th key={measure} scope="col"><b>{word}</b> {measure === 'relativeError' ? <Sym text={what} /> : what}</th>)}
          </tr>
        </thead>
        <tbody>
          <Line id={HERO} label="SVG2" lead={hero} pinned={before} />
          <Line id={BASELINE} label="Blocks of places" lead={base} />
        </tbody>
      </table>
      <p><b>{lead}</b> {rest}</p>
    </div>
  );
}
