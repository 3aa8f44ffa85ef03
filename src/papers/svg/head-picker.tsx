/** The layer's heads as small maps, one block of the size of a tile; choosing one makes it the head of the strip. */

import { useRef, type KeyboardEvent } from 'react';

import type { Run } from '../../run/run';
import type { MapTheme } from '../../ui/color/maps';
import { TILE, type AxisPlan } from '../../ui/heatmap/axes';
import { Heatmap } from '../../ui/heatmap/Heatmap';
import { perHead, type Scales } from './display';
import { VERDICTS } from './names';

interface HeadPickerProps {
  readonly run: Pick<Run, 'stages' | 'vectors' | 'scalars'>;
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly pick: (head: number) => void;
}

/** Small maps beside each other: two, or four of half their side. */
const acrossOf = (heads: number): number => (heads <= 1 ? 1 : heads <= 4 ? 2 : 4);

/** 'Head 2, temporal' once it is judged. */
export function headName(vectors: Run['vectors'], head: number): string {
  const verdict = perHead(vectors, 'verdict', head - 1);
  return `Head ${head}${verdict === undefined ? '' : `, ${VERDICTS[verdict].toLowerCase()}`}`;
}

const plans = new Map<string, AxisPlan>();

/** Fills its place, whatever its size; the same object for the same sizes, so that nothing is repainted. */
function planOf(length: number, extent: number): AxisPlan {
  const key = `${length} ${extent}`;
  const plan = plans.get(key) ?? { length, block: 1, cells: length, zoom: extent / length, extent };
  plans.set(key, plan);
  return plan;
}

export function HeadPicker({ run: { stages, vectors, scalars }, scales, theme, pick }: HeadPickerProps) {
  const { heads = 1, head = 1 } = scalars;
  const box = useRef<HTMLDivElement>(null);
  const across = acrossOf(heads);
  const side = TILE / across;
  const temporal = Array.from({ length: heads }, (_, h) => perHead(vectors, 'verdict', h)).filter((v) => v === 1).length;
  const known = perHead(vectors, 'verdict', heads - 1) !== undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // arrows also step the lesson
    const next = head + by;
    if (next < 1 || next > heads) return;
    pick(next);
    box.current?.querySelectorAll<HTMLElement>('[role=radio]')[next - 1]?.focus();
  };
  return (
    <>
      {/* Focus lives on the radios; the group only hears their arrow keys. */}
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div ref={box} className="head-picker" role="radiogroup" aria-label="Head" data-wire="heads" onKeyDown={onKeyDown} style={{ gridTemplateColumns: `repeat(${across}, calc(${side} * var(--u)))` }}>
        {Array.from({ length: heads }, (_, h) => {
          const thumb = stages[`thumb_${h + 1}`];
          const plan = thumb && planOf(thumb.rows, side);
          return (
            <button
              key={h} type="button" role="radio" aria-checked={h + 1 === head} tabIndex={h + 1 === head ? 0 : -1} aria-label={headName(vectors, h + 1)}
              title={headName(vectors, h + 1)} onClick={() => pick(h + 1)} style={{ height: `calc(${side} * var(--u))` }}
            >
              {thumb && plan && <Heatmap data={thumb.data} rows={plan} cols={plan} scale={scales.attention} theme={theme} />}
            </button>
          );
        })}
      </div>
      <div className="strip-cap"><b>Heads</b><span>{known ? `${heads - temporal} space, ${temporal} time` : heads}</span></div>
    </>
  );
}
