/** The form in which every lab states its claims: numbers of a run, when they hold, and how they are shown. */

import type { Claim } from '../run/run';

export type Numbers = Readonly<Record<string, number | undefined>>;
export type Known = Readonly<Record<string, number>>;

export interface Statement {
  readonly id: string;
  readonly statement: string;
  /** What is compared; undefined or not finite where this run has not measured it. */
  readonly numbers: Numbers;
  readonly holds: (n: Known) => boolean;
  readonly shown: (n: Known) => string;
}

const superscript = (n: string): string => n.replace('-', '⁻').replace(/\d/g, (d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]);
/** '3.7·10⁻⁸' */
export const tiny = (x: number): string => (x === 0 ? '0' : x.toExponential(1).replace(/e\+?(-?\d+)$/, (_, n: string) => `·10${superscript(n)}`));

/** A statement of which a number is missing is not tested: it neither holds nor fails. */
export function judged(statements: readonly Statement[]): Claim[] {
  return statements.map(({ id, statement, numbers, holds, shown }) => {
    const known = Object.fromEntries(Object.entries(numbers).filter((e): e is [string, number] => e[1] !== undefined && Number.isFinite(e[1])));
    const complete = Object.keys(known).length === Object.keys(numbers).length;
    return { id, statement, numbers: known, holds: complete ? holds(known) : null, shown: complete ? shown(known) : 'not tested in this run' };
  });
}
