/** The labs that are built, found by their folders. */

import type { Paper } from '../papers/contract';

const modules = import.meta.glob<{ paper: Paper }>('../papers/*/paper.ts', { eager: true });

export const labs: ReadonlyMap<string, Paper> = new Map(
  Object.values(modules).map(({ paper }): [string, Paper] => [paper.id, paper]).sort(([a], [b]) => a.localeCompare(b)),
);
