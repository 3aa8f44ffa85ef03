/** What the page hands a paper's lab view. A view draws a Run and asks for changes; it computes nothing of the method. */

import type { PaperSeed } from '../../seeds/paper';
import type { ParamValue, Params, Run } from '../run/run';
import type { Schema } from '../run/schema';

export type Theme = 'light' | 'dark';
export type LabView = 'lab' | 'lesson' | 'kernels';

/** A picked cell by the names of its indices: {k: 37, n: 26}. Every picture that has one of these axes shows it. */
export type Cell = Readonly<Record<string, number>>;

export interface Selection {
  /** Id of the stage in the inspector. */
  readonly stage: string;
  /** The pinned cell, if one is. */
  readonly cell?: Cell;
}

export type SetParams = (patch: Readonly<Record<string, ParamValue>>, options?: { readonly dragging?: boolean }) => void;

export interface LabProps {
  /** Absent until the stored or the first live result is there. */
  readonly run?: Run;
  /** A second run, kept beside this one for comparison. */
  readonly pinned?: Run;
  /** A newer run is under way: the pictures are of the last one. */
  readonly stale: boolean;
  /** The reader is dragging a control: scales stay as they are. */
  readonly dragging?: boolean;
  readonly params: Params;
  readonly schema: Schema;
  readonly defaults: Params;
  readonly setParams: SetParams;
  readonly resetParam: (name: string) => void;
  readonly view: LabView;
  readonly present: boolean;
  readonly embed: boolean;
  /** Step of the lesson, from 0. */
  readonly step: number;
  readonly setStep: (step: number) => void;
  readonly theme: Theme;
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
  readonly seed: PaperSeed;
  /** File inputs in use by role: weights: 'silero.safetensors#lstm_cell.weight_ih'. */
  readonly fileNames: Readonly<Record<string, string>>;
  /** Panels the link asks to leave out ('sweeps', 'traffic', 'claims', …). */
  readonly hidden: readonly string[];
}

/** One step of a lesson: what to look at, what to say, the one control to move. */
export interface LessonStep {
  readonly title: string;
  /** One sentence; `*XW*` sets a symbol. */
  readonly sentence: string;
  readonly stage: string;
  readonly param?: string;
}
