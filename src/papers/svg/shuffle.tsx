/** Step 4 as a drawing: the sequence before and after, and where the tokens of one frame, or of one place, go. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import { TILE } from '../../ui/heatmap/axes';
import { isMoved, pickedQuery, tokenMajor } from './display';

/** Strip units: the two bars, and the room between them. */
const BAR = 14;
const GAP = TILE - 2 * BAR;

interface Moves {
  /** [from, to] of every marked token, as shares of the sequence. */
  readonly ends: readonly (readonly [number, number])[];
  readonly text: readonly [start: number, share: number];
}

function movesOf(run: Pick<Run, 'params' | 'scalars'>, moved: boolean): Moves {
  const { frames = 1, grid = 1, tokens = 1, text = 0 } = run.scalars;
  const { frame, place } = pickedQuery(run);
  const first = run.params['variant'] === 'cog' ? text : 0;
  const positions = grid ** 2;
  const marked = moved
    ? Array.from({ length: frames }, (_, f) => first + f * positions + place)
    : Array.from({ length: positions }, (_, p) => first + frame * positions + p);
  return {
    ends: marked.map((i) => [(i + 0.5) / tokens, ((moved ? tokenMajor(i, run) : i) + 0.5) / tokens] as const),
    text: [first > 0 ? 0 : (tokens - text) / tokens, text / tokens],
  };
}

/** Sequence over sequence: a temporal head's tokens of one place come together; a spatial head's frame stays. */
export function Shuffle({ run }: { readonly run: Pick<Run, 'params' | 'scalars'> }) {
  const moved = isMoved(run);
  const { params, scalars } = run;
  const { ends, text } = useMemo(() => movesOf({ params, scalars }, moved), [params, scalars, moved]);
  const { frames = 1, grid = 1 } = scalars;
  const x = (share: number): string => (share * TILE).toFixed(2);
  const bars = (end: 0 | 1, y: number): string => ends.map((pair) => `M${x(pair[end])} ${y}v${BAR}`).join('');
  const links = ends.map(([from, to]) => `M${x(from)} ${BAR + 1}C${x(from)} ${BAR + 0.55 * GAP} ${x(to)} ${BAR + 0.45 * GAP} ${x(to)} ${BAR + GAP - 1}`).join('');
  const width = Math.max(0.5, (0.9 * TILE) / (frames * grid ** 2));
  const what = moved ? `the ${frames} tokens of one place, one in every frame, come to stand together` : 'every token stays where it is';
  return (
    <>
      <svg
        className="shuffle" data-wire="shuffle" viewBox={`0 0 ${TILE} ${TILE}`} role="img" aria-label={`Order of the tokens: ${what}.`}
        style={{ width: `calc(${TILE} * var(--u))`, height: `calc(${TILE} * var(--u))` }}
      >
        {[0, BAR + GAP].map((y) => <rect key={y} x="0" y={y} width={TILE} height={BAR} fill="var(--bg3)" />)}
        {text[1] > 0 && [0, BAR + GAP].map((y) => <rect key={y} x={x(text[0])} y={y} width={x(text[1])} height={BAR} fill="var(--line2)" opacity="0.5" />)}
        <path d={links} fill="none" stroke="var(--line2)" strokeWidth="0.8" vectorEffect="non-scaling-stroke" />
        <path d={bars(0, 0) + bars(1, BAR + GAP)} fill="none" stroke="var(--hero)" strokeWidth={Math.max(width, moved ? 1 : 0.5)} />
      </svg>
      <div className="strip-cap"><b>{moved ? 'One place' : 'One frame'}</b><span>{moved ? 'gathered' : 'stays'}</span></div>
    </>
  );
}
