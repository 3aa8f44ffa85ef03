/** The paper's statements, checked on this run. One that fails stands in the same size as one that holds. */

import type { Claim } from '../../run/run';
import { listed } from './numbers';
import { Panel } from './Panel';
import { Rich } from '../symbol/Symbol';

const VERDICTS = {
  held: { text: 'held', mark: <path d="M1.5 6.5 4.8 10 10.5 2" /> },
  'not-held': { text: 'not held', mark: <path d="M2 2 10 10M10 2 2 10" /> },
  'no-test': { text: 'no test', mark: <circle cx="6" cy="6" r="4.2" /> },
} as const;

export type Verdict = keyof typeof VERDICTS;

export const verdictOf = (holds: boolean | null): Verdict => (holds === null ? 'no-test' : holds ? 'held' : 'not-held');

export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  const { text, mark } = VERDICTS[verdict];
  return (
    <span className={`verdict verdict-${verdict}`}>
      <svg width="11" height="11" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">{mark}</svg>
      {text}
    </span>
  );
}

/** '5 held, 1 not held and 2 without a test'; kinds that do not occur are left out, except that "0 not held" is worth saying. */
export function countClaims(claims: readonly Claim[]): string {
  const count = (holds: boolean | null): number => claims.filter((c) => c.holds === holds).length;
  const untested = count(null);
  return listed([`${count(true)} held`, `${count(false)} not held`, ...(untested ? [`${untested} without a test`] : [])]).replace(/ and (?=\d+ not held$)/, ', ');
}

/** Hats that a sentence carries without asterisks (`^X^W`) are set as symbols too. */
export const withSymbols = (text: string): string => (text.includes('*') ? text : text.replaceAll(/\^[A-Z](?:\^?[A-Z])*/g, '*$&*'));

export function ClaimsPanel({ claims }: { readonly claims: readonly Claim[] }) {
  return (
    <Panel title="Claims, checked on this run" note={claims.length ? countClaims(claims) : '…'} id="claims">
      <ul className="claims">
        {claims.map((claim) => (
          <li key={claim.id} data-claim={claim.id} data-holds={String(claim.holds)}>
            <VerdictMark verdict={verdictOf(claim.holds)} />
            <span><Rich text={withSymbols(claim.statement)} /></span>
            <span className="claims-shown"><Rich text={withSymbols(claim.shown)} /></span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
