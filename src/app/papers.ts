/** The papers, found by their files: seeds for all of them, a lab for those that are built. */

import type { ComponentType } from 'react';
import type { Idea, PaperSeed } from '../../seeds/paper';
import type { Schema } from '../run/schema';
import type { LabProps, LessonStep } from '../ui/lab-props';

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
const labModules = import.meta.glob<{ default: ComponentType<LabProps>; defaultStage?: string }>('../papers/*/lab.tsx');
const paramModules = import.meta.glob<{ schema: Schema; fileInputs?: readonly string[] }>('../papers/*/params.ts');
const lessonModules = import.meta.glob<{ lesson: readonly LessonStep[] }>('../papers/*/lesson.ts');

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

const file = (id: string, name: string): string => `../papers/${id}/${name}`;
export const isBuilt = (id: string): boolean => file(id, 'lab.tsx') in labModules;
export const seedOf = (id: string): PaperSeed | undefined => seeds.find((seed) => seed.id === id);

/** Starts the download of a lab's chunks, so that they are there when the reader follows the link. */
export const preloadLab = (id: string): void => void labModules[file(id, 'lab.tsx')]?.().catch(() => undefined);

/** @returns undefined where no such lab is built */
export async function loadLab(id: string): Promise<LabModule | undefined> {
  const seed = seedOf(id);
  const lab = labModules[file(id, 'lab.tsx')];
  const params = paramModules[file(id, 'params.ts')];
  if (!seed || !lab || !params) return undefined;
  const [view, { schema, fileInputs = [] }, lesson] = await Promise.all([lab(), params(), lessonModules[file(id, 'lesson.ts')]?.()]);
  return { id, seed, Lab: view.default, schema, fileInputs, lesson: lesson?.lesson ?? [], stage: view.defaultStage ?? lesson?.lesson[2]?.stage ?? '' };
}
