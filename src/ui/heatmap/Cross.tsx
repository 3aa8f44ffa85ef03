import { useEffect, useRef } from 'react';

import { shareOf, type AxisPlan } from './axes';
import { useCrosshair } from './crosshair';

interface CrossProps {
  readonly axes: readonly [string | undefined, string | undefined];
  readonly rows?: AxisPlan;
  readonly cols?: AxisPlan;
}

/** The two lines of the linked crosshair over one picture; each shows when the cell names its axis. */
export function Cross({ axes: [rowAxis, colAxis], rows, cols }: CrossProps) {
  const crosshair = useCrosshair();
  const across = useRef<HTMLElement>(null);
  const down = useRef<HTMLElement>(null);
  useEffect(() => crosshair.subscribe((cell) => {
    const place = (line: HTMLElement | null, index: number | undefined, axis: AxisPlan | undefined, side: 'top' | 'left') => {
      if (!line) return;
      const seen = index !== undefined && axis !== undefined && index < axis.length;
      line.style.display = seen ? 'block' : 'none';
      if (seen) line.style[side] = `${100 * shareOf(axis, index)}%`;
    };
    place(across.current, rowAxis ? cell?.[rowAxis] : undefined, rows, 'top');
    place(down.current, colAxis ? cell?.[colAxis] : undefined, cols, 'left');
  }), [crosshair, rowAxis, colAxis, rows, cols]);
  return <><i ref={across} className="cross cross-row" aria-hidden="true" /><i ref={down} className="cross cross-col" aria-hidden="true" /></>;
}
