/** Parts of a lab that are fetched once its first view stands. */

import { lazy, memo, Suspense, type ComponentType, type ReactNode } from 'react';

const waiting = <div className="lab-slot" />;

/** Drawn anew only for other props; a slot of a chart's height stands until its chunk is there. */
export function later<M, P extends object>(load: () => Promise<M>, part: (module: M) => (props: P) => ReactNode, fallback: ReactNode = waiting) {
  const Part = lazy(async () => ({ default: part(await load()) as ComponentType<object> })) as unknown as ComponentType<P>;
  return memo((props: P) => <Suspense fallback={fallback}><Part {...props} /></Suspense>);
}

/** The panels below the strip that all labs have, fetched together. */
export const below = () => import('./below');
