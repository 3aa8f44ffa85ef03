/** The papers, found by their files: seeds for all of them, a lab for those that are built. */

import type { ComponentType } from 'react';
import type { Idea, PaperSeed } from '../../seeds/paper';
import type { Schema } from '../run/schema';
import type { LabProps, LessonStep } from '../ui/lab-props';
import { fetchLab } from './lab-modules';

export interface LabModule {
  readonly id: string;
  readonly seed: PaperSeed;
  readonly Lab: ComponentType<LabProps>;
  readonly schema: Schema;
  /** Roles a file can take: 'weights', 'activations'. */
  readonly fileInputs: readonly string[];
  readonly lesson: readonly LessonStep[];
  /** Stage in the inspector when the link names none. */
  readonly stage: string;
}

const seedModules = import.meta.glob<Record<string, PaperSeed>>(['../../seeds/*.ts', '!../../seeds/paper.ts'], { eager: true });
const isSeed = (value: unknown): value is PaperSeed => typeof value === 'object' && value !== null && 'citation' in value;

export const seeds: readonly PaperSeed[] = Object.values(seedModules).flatMap((module) => Object.values(module).filter(isSeed)).sort((a, b) => a.order - b.order);

/** What unites the papers of an idea, in the order of the home page. */
export const ideas: readonly { readonly name: Idea; readonly says: string }[] = [
  { name: 'Quantize', says: 'Fewer bits, the same output.' },
  { name: 'Attend to less', says: 'Keep the scores that carry the mass.' },
  { name: 'Train and adapt', says: 'Touch only what matters.' },
  { name: 'See with fewer tokens', says: 'Scale up, then compress.' },
  { name: 'Route and reason', says: 'Spend where it pays.' },
  { name: 'Measure', says: 'What the number means.' },
];

export const seedOf = (id: string): PaperSeed | undefined => seeds.find((seed) => seed.id === id);

/** @returns undefined where no such lab is built */
export async function loadLab(id: string): Promise<LabModule | undefined> {
  const seed = seedOf(id);
  const parts = await fetchLab(id);
  if (!seed || !parts) return undefined;
  const [view, { schema, fileInputs = [] }, lesson] = parts;
  return { id, seed, Lab: view.default, schema, fileInputs, lesson: lesson?.lesson ?? [], stage: view.defaultStage ?? lesson?.lesson[2]?.stage ?? '' };
}
