import { useLayoutEffect, useRef } from 'react';
import type { Matrix } from '../../../inputs/matrix';
import { clipOf, evenly } from '../../../inputs/video/clip';

/** Pixels along an edge of a frame here, and how many frames stand in a row, at most. */
const CELL = 64;
const ROW = 8;
const MOST = 32;

/** The frames of a clip, in rows from the first to the last. */
export function ContactSheet({ matrix, name }: { readonly matrix: Matrix; readonly name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = Math.min(MOST, matrix.rows);
  const [columns, rows] = [Math.min(ROW, shown), Math.ceil(shown / ROW)];
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { side, frames, pixels } = clipOf(matrix);
    const frame = new ImageData(side, side);
    const sheet = new OffscreenCanvas(side, side);
    const place = sheet.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.clearRect(0, 0, columns * CELL, rows * CELL);
    for (const [i, f] of evenly(frames, shown).entries()) {
      for (let p = 0; p < side * side; p++) {
        for (let c = 0; c < 3; c++) frame.data[4 * p + c] = 255 * pixels[(f * side * side + p) * 3 + c];
        frame.data[4 * p + 3] = 255;
      }
      place.putImageData(frame, 0, 0);
      context.drawImage(sheet, (i % ROW) * CELL, Math.floor(i / ROW) * CELL, CELL, CELL);
    }
  }, [matrix, shown, columns, rows]);
  return <canvas ref={canvas} className="contact-sheet" role="img" aria-label={`${shown} frames of ${name}`} width={columns * CELL} height={rows * CELL} />;
}
