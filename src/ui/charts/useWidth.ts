import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** Width of a box in CSS pixels, so that a drawing is laid out at its own size and its text is never scaled. */
export function useWidth<T extends HTMLElement>(initial: number): [RefObject<T | null>, number] {
  const box = useRef<T>(null);
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry.contentRect.width)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}
