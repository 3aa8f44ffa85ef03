import { useEffect, useRef } from 'react';
import { usePage } from '../page-store';
import { takePen } from './pen';

/** A seeded drawing in the shape of the paper's picture. Fetched and drawn after the first paint, and again on resize. */
export function SketchThumbnail({ id }: { readonly id: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = usePage((page) => page.theme);
  useEffect(() => {
    const { current } = canvas;
    if (!current) return undefined;
    let gone = false;
    const draw = async (): Promise<void> => {
      const { sketches } = await import('./sketches');
      const pen = gone ? undefined : takePen(current, theme, 7);
      if (pen) sketches[id]?.(pen);
    };
    const watch = new ResizeObserver(() => void draw());
    watch.observe(current);
    return () => {
      gone = true;
      watch.disconnect();
    };
  }, [id, theme]);
  return <canvas ref={canvas} className="thumbnail" aria-hidden="true" />;
}
