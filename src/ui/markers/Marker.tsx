import type { ReactNode } from 'react';

import type { MethodSlot } from '../../run/run';

/** One marker per method slot, on a 12 × 12 grid. `paint` is the slot's colour. */
const SHAPES: Readonly<Record<MethodSlot, (paint: string) => ReactNode>> = {
  rtn: (paint) => <rect x="2" y="2" width="8" height="8" fill={paint} />,
  smooth: (paint) => <path d="M6 1 11 10.5H1z" fill={paint} />,
  svd: (paint) => <path d="M6 1 11 6 6 11 1 6z" fill="var(--bg)" stroke={paint} strokeWidth="1.8" />,
  lorc: (paint) => <path d="M1 1.5h10L6 11z" fill={paint} />,
  hero: (paint) => <circle cx="6" cy="6" r="5" fill={paint} />,
  iter: (paint) => <><circle cx="6" cy="6" r="4.2" fill="var(--bg)" stroke={paint} strokeWidth="2" /><circle cx="6" cy="6" r="1.5" fill={paint} /></>,
  gptq: (paint) => <path d="M2 2 10 10M10 2 2 10" fill="none" stroke={paint} strokeWidth="2.4" />,
  fp4: (paint) => <path d="M6 1V11M1 6H11" fill="none" stroke={paint} strokeWidth="2.4" />,
  int8: (paint) => <rect x="2.5" y="2.5" width="7" height="7" fill="var(--bg)" stroke={paint} strokeWidth="1.8" />,
  awq: (paint) => <path d="M6 2.2 10.2 9.9H1.8z" fill="var(--bg)" stroke={paint} strokeWidth="1.8" />,
};

/** CSS colour of a method. Text is never set in it, except the headline figures. */
export const slotColor = (slot: MethodSlot): string => `var(--${slot})`;

/** The marker as SVG content, for charts: centre it with a transform, 12 units wide. */
export const markerShape = (slot: MethodSlot): ReactNode => SHAPES[slot](slotColor(slot));

/** The marker beside a label. The label names the method, so the picture is hidden from readers. */
export function Marker({ slot, size = 11 }: { readonly slot: MethodSlot; readonly size?: number }) {
  return (
    <svg className="marker" width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" style={{ flex: 'none', display: 'block' }}>
      {markerShape(slot)}
    </svg>
  );
}
