import { useLayoutEffect, useRef, useState } from 'react';

import { Rich, Sym } from '../symbol/Symbol';
import type { Box, Wiring, WiringOf } from './geometry';

function measure(root: HTMLElement, wiring: WiringOf): Wiring | undefined {
  const origin = root.getBoundingClientRect();
  const boxes: Record<string, Box> = {};
  for (const element of root.querySelectorAll<HTMLElement>('[data-wire]')) {
    const r = element.getBoundingClientRect();
    boxes[element.dataset['wire']!] = { left: r.left - origin.left, right: r.right - origin.left, top: r.top - origin.top, bottom: r.bottom - origin.top };
  }
  const unit = Number.parseFloat(getComputedStyle(root).getPropertyValue('--wire-unit')) || 1;
  const column = root.querySelector('.strip-cell')?.getBoundingClientRect().width ?? 0;
  return wiring(boxes, unit, column);
}

/** All arrows of the strip, its parent, in one SVG measured from where the tiles stand. Give it a new key when tiles move without resizing the strip. */
export function Wires({ wiring }: { readonly wiring: WiringOf }) {
  const svg = useRef<SVGSVGElement>(null);
  const [drawn, setDrawn] = useState<Wiring>();
  useLayoutEffect(() => {
    const root = svg.current?.parentElement;
    if (!root) return undefined;
    const update = (): void => setDrawn(measure(root, wiring));
    update();
    const observer = new ResizeObserver(update);
    observer.observe(root);
    // Captions and headings settle when their fonts arrive.
    let live = true;
    void document.fonts?.ready.then(() => { if (live) update(); });
    return () => { live = false; observer.disconnect(); };
  }, [wiring]);
  return (
    <>
      <svg ref={svg} className="strip-wires" aria-hidden="true">
        {drawn?.wires.map((w) => (
          <g key={w.d}>
            <path d={w.d} strokeWidth={w.width} strokeDasharray={w.dotted ? '2 3' : undefined} />
            {w.head && <path className="strip-head" d={w.head} />}
          </g>
        ))}
      </svg>
      {drawn?.operators.map((o) => (
        <span key={o.id} className={['strip-op', o.words && 'strip-op-words', o.turned && 'strip-op-turned'].filter(Boolean).join(' ')} style={{ left: o.x, top: o.y }} aria-hidden="true">
          {o.words ? <Rich text={o.text} /> : <Sym text={o.text} />}
        </span>
      ))}
    </>
  );
}
