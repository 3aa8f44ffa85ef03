import type { ReactNode } from 'react';

import { Sym } from '../symbol/Symbol';
import { StripNotices } from './notices';

/** Where something stands in a strip: step (column 1…6), path (row), and the order in which a phone stacks it. */
export interface Placing {
  readonly column: number;
  readonly row: string;
  readonly order: number;
}

export function Place({ place: { column, row, order }, kind, children }: { readonly place: Placing; readonly kind?: string; readonly children: ReactNode }) {
  return (
    <div className="strip-cell" data-row={row} data-kind={kind} style={{ ['--column' as string]: column, ['--order' as string]: order }}>
      {children}
    </div>
  );
}

/** Number, verb and equation over every column; a lesson stresses one of them. On a phone also what is to be noticed. */
export function Steps({ steps, stressed }: { readonly steps: readonly (readonly [verb: string, equation: string])[]; readonly stressed?: number }) {
  const heads = steps.map(([verb, equation], i) => (
    <div
      key={verb} className="strip-step" data-stressed={stressed === undefined ? undefined : stressed === i + 1}
      style={{ ['--column' as string]: i + 1, ['--order' as string]: (i + 1) * 10 }}
    >
      <h3><i>{i + 1}</i>{verb}</h3>
      <Sym text={equation} />
    </div>
  ));
  return <>{heads}<StripNotices /></>;
}
