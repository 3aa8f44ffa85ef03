/** The parts of the labs that are built, found by their files and fetched when asked for. */

import type { ComponentType } from 'react';
import type { Schema } from '../run/schema';
import type { LabProps, LessonStep } from '../ui/lab-props';

const views = import.meta.glob<{ default: ComponentType<LabProps>; defaultStage?: string }>('../papers/*/lab.tsx');
const params = import.meta.glob<{ schema: Schema; fileInputs?: readonly string[] }>('../papers/*/params.ts');
const lessons = import.meta.glob<{ lesson: readonly LessonStep[] }>('../papers/*/lesson.ts');

const file = (id: string, name: string): string => `../papers/${id}/${name}`;
export const isBuilt = (id: string): boolean => file(id, 'lab.tsx') in views;

/** @returns undefined where no such lab is built */
export function fetchLab(id: string) {
  const view = views[file(id, 'lab.tsx')];
  const schema = params[file(id, 'params.ts')];
  return view && schema && Promise.all([view(), schema(), lessons[file(id, 'lesson.ts')]?.()]);
}

/** Starts the download of a lab's chunks, so that they are there when the reader follows the link. */
export const preloadLab = (id: string): void => void fetchLab(id)?.catch(() => undefined);
