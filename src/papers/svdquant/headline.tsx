import { storesWeights, type Run, type WeightResult } from '../../run/run';
import { bits, percent, times } from '../../ui/format';
import { Marker, slotColor } from '../../ui/markers/Marker';
import { Sym } from '../../ui/symbol/Symbol';

export const BASELINE = 'rtn';
export const HERO = 'svdquant';

const methodOf = (run: Run | undefined, id: string): WeightResult | undefined => run?.methods.filter(storesWeights).find((m) => m.id === id);

/** 3.92 % → '3.9', 0.42 % → '0.42', 12345 % → '12345'. */
const figure = (ratio: number): string => {
  const p = 100 * ratio;
  return p >= 1000 ? p.toFixed(0) : p >= 1 ? p.toFixed(1) : p.toPrecision(2);
};

function Figure({ method, pinned }: { readonly method: WeightResult; readonly pinned?: WeightResult }) {
  return (
    <div>
      <div className="take-figure" style={{ color: slotColor(method.slot) }}>{figure(method.relativeError)}<small>%</small></div>
      <div className="take-method"><Marker slot={method.slot} />{method.label}</div>
      {pinned && <div className="take-pinned">pinned {percent(pinned.relativeError)}</div>}
    </div>
  );
}

/** What it bought and what it cost, in one sentence. */
function sentence(run: Run, base: WeightResult, hero: WeightResult): { readonly lead: string; readonly rest: string } {
  const ratio = base.relativeError / hero.relativeError;
  const more = hero.bitsPerWeight - base.bitsPerWeight;
  const lead = ratio >= 1.005 ? `${times(ratio)} less error` : ratio <= 0.995 ? `${times(1 / ratio)} more error` : 'The same error';
  const cost = Math.abs(more) < 0.005 ? 'for no more bits per weight' : `for ${bits(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} bits per weight`;
  const large = run.scalars['branchBits3072'];
  return { lead, rest: large !== undefined && more > 0.005 ? `${cost} (${bits(large)} in a 3072² layer at this rank).` : `${cost}.` };
}

/** The largest numerals on the page: what rounding alone loses, and what the method loses. */
export function Headline({ run, pinned }: { readonly run: Run; readonly pinned?: Run }) {
  const base = methodOf(run, BASELINE);
  const hero = methodOf(run, HERO);
  if (!base || !hero) return null;
  const { lead, rest } = sentence(run, base, hero);
  const worse = hero.relativeError > base.relativeError * 1.005;
  return (
    <div className="take" aria-live="polite">
      <h3>Relative error of the output, <Sym text="‖E‖ / ‖Y‖" /></h3>
      <div className="take-row">
        <Figure method={base} pinned={methodOf(pinned, BASELINE)} />
        <Figure method={hero} pinned={methodOf(pinned, HERO)} />
      </div>
      <p data-worse={worse}><b>{lead}</b> {rest}</p>
    </div>
  );
}
