/** Heads × steps: words for a cell, and where a key leads. */

export interface TimelineKind {
  readonly letter: string;
  readonly label: string;
  /** Cells of one kind are filled, those of the other framed: told apart without colour and without the letter. */
  readonly shape: 'bar' | 'dots';
}

export interface TimelinePlace {
  readonly head: number;
  readonly step: number;
}

export interface TimelineData {
  readonly heads: readonly string[];
  readonly steps: readonly string[];
  readonly kinds: readonly TimelineKind[];
  /** [heads, steps]: index into `kinds`; −1: not judged. */
  readonly verdict: ArrayLike<number>;
  /** Steps that run full attention. */
  readonly dense: readonly boolean[];
  /** [heads, steps]: 1 where all rows judge otherwise. */
  readonly wrong?: ArrayLike<number>;
}

export function cellWords({ heads, steps, kinds, verdict, dense, wrong }: TimelineData, { head, step }: TimelinePlace): string {
  const at = head * steps.length + step;
  const kind = kinds[verdict[at]];
  const judged = kind ? `judged ${kind.label}${wrong?.[at] === 1 ? ', all rows judge otherwise' : ''}` : 'not judged';
  return `${heads[head]}, step ${steps[step]}: ${dense[step] ? `full attention${kind ? `, ${judged}` : ''}` : judged}`;
}

export function movedPlace({ heads, steps }: Pick<TimelineData, 'heads' | 'steps'>, { head, step }: TimelinePlace, key: string): TimelinePlace | undefined {
  const held = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));
  switch (key) {
    case 'ArrowLeft': return { head, step: held(step - 1, steps.length) };
    case 'ArrowRight': return { head, step: held(step + 1, steps.length) };
    case 'ArrowUp': return { head: held(head - 1, heads.length), step };
    case 'ArrowDown': return { head: held(head + 1, heads.length), step };
    case 'Home': return { head, step: 0 };
    case 'End': return { head, step: steps.length - 1 };
    default: return undefined;
  }
}

/** Runs of true, as [from, to). */
export function runsOf(flags: readonly boolean[]): (readonly [from: number, to: number])[] {
  const runs: (readonly [number, number])[] = [];
  for (let i = 0; i < flags.length; i += 1) {
    if (!flags[i]) continue;
    const from = i;
    while (flags[i + 1]) i += 1;
    runs.push([from, i + 1]);
  }
  return runs;
}
