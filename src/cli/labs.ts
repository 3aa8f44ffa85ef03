/** The labs that are built, found by their folders. */

import type { Paper } from '../papers/contract';

const modules = import.meta.glob<{ paper: Paper }>('../papers/*/paper.ts');

/** Ids in order. */
export const labIds = (): string[] => Object.keys(modules).map((path) => path.split('/')[2]).sort();

export async function loadLab(id: string): Promise<Paper | undefined> {
  const module = modules[`../papers/${id}/paper.ts`];
  return module && (await module()).paper;
}
