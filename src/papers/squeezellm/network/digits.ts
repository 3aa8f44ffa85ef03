/**
 * Digits drawn by a shaky hand on 12 × 12 grey pixels: the data set behind the trained network. Each sample has a
 * random number stream of its own, so sample i of a part is the same however many are asked for. Pixels are whole
 * 255ths; the corners, which no pen reaches, are 0 in every sample, and the border in most.
 */

import { createRng, type Rng } from '../../../../kernels/rng';
import type { Samples } from './network';

export const SIDE = 12;
export const CLASSES = 10;

type Point = readonly [x: number, y: number];

/** An arc of an ellipse, degrees clockwise from the right, as points. */
const arc = (cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] =>
  Array.from({ length: 9 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 8) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

/** Strokes of each digit in a unit box, x to the right and y down. */
const STROKES: readonly (readonly (readonly Point[])[])[] = [
  [arc(0.5, 0.5, 0.34, 0.48, -90, 270)],
  [[[0.3, 0.22], [0.55, 0.02], [0.55, 0.98]]],
  [[...arc(0.5, 0.28, 0.32, 0.27, -165, 35), [0.18, 0.98], [0.86, 0.98]]],
  [[...arc(0.46, 0.26, 0.32, 0.25, -150, 80), ...arc(0.46, 0.73, 0.36, 0.26, -85, 150)]],
  [[[0.66, 0.98], [0.66, 0.02], [0.14, 0.68], [0.9, 0.68]]],
  [[[0.82, 0.03], [0.26, 0.03], [0.22, 0.45], ...arc(0.46, 0.68, 0.36, 0.29, -115, 140)]],
  [[[0.72, 0.03], ...arc(0.5, 0.68, 0.33, 0.29, -170, 190)]],
  [[[0.14, 0.03], [0.86, 0.03], [0.4, 0.98]]],
  [arc(0.5, 0.25, 0.27, 0.23, 90, 450), arc(0.5, 0.73, 0.34, 0.26, -90, 270)],
  [[...arc(0.5, 0.3, 0.31, 0.28, 20, -340), [0.72, 0.98]]],
];

/** How much one drawing differs from the next. */
const JITTER = { angle: 0.24, shear: 0.2, size: 0.12, shift: 0.6, point: 0.05, gap: 0.35 };
const [WIDTH, HEIGHT] = [5.2, 7.2];

/** @param part a stream of samples: training, calibration and evaluation have their own */
export function drawDigits(part: number, count: number, first = 0): Samples {
  const features = SIDE * SIDE;
  const x = new Float32Array(count * features);
  const labels = new Uint8Array(count);
  for (let t = 0; t < count; t++) {
    const rng = createRng(Math.imul(first + t + 1, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35));
    labels[t] = rng.below(CLASSES);
    draw(STROKES[labels[t]], rng, x.subarray(t * features, (t + 1) * features));
  }
  return { x, labels, count, features, classes: CLASSES };
}

/** Squared distances of pixels to the pen's path, of the drawing under way. */
const squares = new Float64Array(SIDE * SIDE);

function draw(strokes: readonly (readonly Point[])[], rng: Rng, pixels: Float32Array): void {
  const turn = JITTER.angle * bounded(rng);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const shear = JITTER.shear * bounded(rng);
  const [sx, sy] = [WIDTH, HEIGHT].map((size) => size * (1 + JITTER.size * bounded(rng)));
  const [dx, dy] = [0, 1].map(() => SIDE / 2 + JITTER.shift * bounded(rng));
  const radius = 0.45 + 0.4 * rng.uniform();
  const ink = 0.6 + 0.4 * rng.uniform();
  squares.fill(Infinity);
  for (const stroke of strokes) {
    let [ax, ay] = [0, 0];
    for (let p = 0; p < stroke.length; p++) {
      const u = (stroke[p][0] - 0.5 + JITTER.point * bounded(rng)) * sx;
      const v = (stroke[p][1] - 0.5 + JITTER.point * bounded(rng)) * sy;
      const w = u + shear * v;
      const [bx, by] = [dx + cos * w - sin * v, dy + sin * w + cos * v];
      if (p > 0) segment(ax, ay, bx, by, radius + 0.5);
      [ax, ay] = [bx, by];
    }
  }
  // A spot where the pen left no ink, in some drawings.
  const [spotX, spotY] = [SIDE * rng.uniform(), SIDE * rng.uniform()];
  const bare = rng.uniform() < JITTER.gap ? 1 + 1.2 * rng.uniform() : 0;
  for (let i = 0; i < pixels.length; i++) {
    const cover = Math.min(1, radius + 0.5 - Math.sqrt(squares[i]));
    if (!(cover > 0)) continue;
    const grain = 1 - 0.35 * rng.uniform();
    const [x, y] = [(i % SIDE) + 0.5 - spotX, Math.floor(i / SIDE) + 0.5 - spotY];
    if (x * x + y * y >= bare * bare) pixels[i] = Math.round(255 * ink * cover * grain) / 255;
  }
}

/** Brings the pixels within `reach` of a line from a to b nearer to the path. */
function segment(ax: number, ay: number, bx: number, by: number, reach: number): void {
  const [ux, uy] = [bx - ax, by - ay];
  const length = ux * ux + uy * uy || 1;
  const from = (a: number, b: number): number => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const to = (a: number, b: number): number => Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach));
  for (let row = from(ay, by); row <= to(ay, by); row++) {
    for (let col = from(ax, bx); col <= to(ax, bx); col++) {
      const [x, y] = [col + 0.5 - ax, row + 0.5 - ay];
      const t = Math.min(1, Math.max(0, (x * ux + y * uy) / length));
      const square = (x - t * ux) ** 2 + (y - t * uy) ** 2;
      if (square < squares[row * SIDE + col]) squares[row * SIDE + col] = square;
    }
  }
}

/** A normal deviate cut at ±2: no drawing leaves the paper by chance. */
const bounded = (rng: Rng): number => Math.min(2, Math.max(-2, rng.normal()));
