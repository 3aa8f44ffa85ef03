/** Frames of whatever a canvas can draw, cropped to the middle square and scaled: a clip as a matrix. */

import { toMatrix, type Matrix } from '../../../inputs/matrix';

/** What is taken of a video or a camera: enough for the most frames that a lab shows. */
export const FRAMES = 32;
/** Pixels along an edge of a frame. */
export const SIDE = 64;

export class FrameTaker {
  private readonly context: CanvasRenderingContext2D;
  private readonly pixels = new Float32Array(FRAMES * SIDE * SIDE * 3);
  private taken = 0;

  constructor() {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [SIDE, SIDE];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('this browser gives no canvas to draw frames on');
    context.imageSmoothingQuality = 'high';
    this.context = context;
  }

  /**
   * The next frame.
   * @param mirrored as in a mirror: what people expect of a camera that looks at them
   */
  take(image: CanvasImageSource, width: number, height: number, mirrored = false): void {
    const { context, pixels } = this;
    const edge = Math.min(width, height);
    context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? SIDE : 0, 0);
    context.drawImage(image, (width - edge) / 2, (height - edge) / 2, edge, edge, 0, 0, SIDE, SIDE);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    for (let p = 0, at = this.taken * SIDE * SIDE * 3; p < SIDE * SIDE; p++) {
      for (let c = 0; c < 3; c++) pixels[at++] = data[4 * p + c] / 255;
    }
    this.taken++;
  }

  /** A row per frame. */
  matrix(source: string): Matrix {
    if (this.taken !== FRAMES) throw new Error(`${this.taken} of ${FRAMES} frames were taken`);
    return toMatrix(source, FRAMES, SIDE * SIDE * 3, this.pixels);
  }
}

/** Whether every frame is the first one again. */
export function isStill({ rows, cols, data }: Matrix): boolean {
  for (let at = cols; at < rows * cols; at++) if (data[at] !== data[at % cols]) return false;
  return true;
}
