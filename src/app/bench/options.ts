/** What the reader chooses to run. The link carries the kernels and the rounds; libraries are never chosen by a link. */

import { fromQuery, type Schema } from '../../run/schema';
import { FAMILIES } from './families';

export interface BenchChoice {
  /** Ids of families; all of them where none is named. */
  readonly families: readonly string[];
  readonly rounds: number;
  /** The table of targets. */
  readonly targets: boolean;
}

export const schema = {
  rounds: { kind: 'int', group: 'Run', label: 'Rounds', help: 'Turns of each contender; medians and quartiles are over them.', min: 3, max: 31, step: 2, default: 7 },
} satisfies Schema;

const ALL = [...FAMILIES.map(({ id }) => id), 'others'];

export const DEFAULT_CHOICE: BenchChoice = { families: ALL, rounds: schema.rounds.default, targets: true };

/** Unknown families are ignored; without a known one all are meant. */
export function readBenchLink(query: URLSearchParams): BenchChoice {
  const named = query.get('families')?.split(',') ?? [];
  const families = ALL.filter((id) => named.includes(id));
  return {
    families: families.length > 0 ? families : query.get('families') === 'none' ? [] : ALL,
    rounds: fromQuery(schema, query).rounds,
    targets: query.get('targets') !== '0',
  };
}

export function writeBenchLink({ families, rounds, targets }: BenchChoice): URLSearchParams {
  const query = new URLSearchParams();
  if (families.length < ALL.length) query.set('families', families.join(',') || 'none');
  if (rounds !== schema.rounds.default) query.set('rounds', String(rounds));
  if (!targets) query.set('targets', '0');
  return query;
}
