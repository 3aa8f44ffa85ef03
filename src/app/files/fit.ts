/** Whether a chosen tensor fits the inputs that are there. Both kinds run along the channels K in their second size. */

import type { TensorEntry } from '../../inputs/tensors';
import type { LoadedFile } from '../lab/session';

export interface Choice {
  readonly role: string;
  readonly tensor: string;
  readonly transpose: boolean;
}

export interface Unfit {
  readonly happened: string;
  readonly mend: string;
  /** Turning this tensor would make it fit. */
  readonly turn: boolean;
}

type Loaded = Readonly<Record<string, LoadedFile>>;

const sizeOf = (entries: readonly TensorEntry[], choice: Choice): readonly [number, number] | undefined => {
  const matrix = entries.find((entry) => entry.name === choice.tensor)?.matrix;
  return matrix && choice.transpose ? [matrix[1], matrix[0]] : matrix;
};

/** @returns why the choice cannot be used beside the other file, or undefined when it can */
export function unfit(entries: readonly TensorEntry[], choice: Choice, loaded: Loaded): Unfit | undefined {
  const size = sizeOf(entries, choice);
  if (!size) return undefined;
  const other = Object.entries(loaded).find(([role]) => role !== choice.role);
  if (!other || other[1].cols === size[1]) return undefined;
  const [role, file] = other;
  const turn = size[0] === file.cols;
  return {
    happened: `As ${choice.role} this is ${size[0]} × ${size[1]}, with ${size[1]} channels; the ${role} from ${file.name} have ${file.cols}.`,
    mend: turn ? 'Transposed it fits.' : `Choose a tensor with ${file.cols} channels, or remove the other file.`,
    turn,
  };
}

/** Turns the choice when only that makes it fit. */
export function turned(entries: readonly TensorEntry[], choice: Choice, loaded: Loaded): Choice {
  return unfit(entries, choice, loaded)?.turn ? { ...choice, transpose: !choice.transpose } : choice;
}

/** What a newly opened file is offered as: the first role that no file has taken. */
export const suggest = (entries: readonly TensorEntry[], tensor: string, roles: readonly string[], loaded: Loaded): Choice =>
  turned(entries, { role: roles.find((role) => !loaded[role]) ?? roles[0], tensor, transpose: false }, loaded);
