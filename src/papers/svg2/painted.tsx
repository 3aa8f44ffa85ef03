import { useLayoutEffect, useRef } from 'react';

/** A picture of packed pixels over a tile, cell for cell. */
export function Painted({ pixels, cols }: { readonly pixels: Uint32Array; readonly cols: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || pixels.length === 0) return;
    [canvas.current.width, canvas.current.height] = [cols, pixels.length / cols];
    const image = context.createImageData(cols, pixels.length / cols);
    new Uint32Array(image.data.buffer).set(pixels);
    context.putImageData(image, 0, 0);
  }, [pixels, cols]);
  return <canvas ref={canvas} className="painted" aria-hidden="true" />;
}
