/** How colours look without one kind of cone: G. M. Machado et al., "A physiologically-based model for simulation of color vision deficiency", 2009, severity 1, on linear sRGB. */

import { rgbToOklab, toGamma, toLinear, type Lab, type Rgb } from './oklab';

export const VISIONS = ['normal', 'protan', 'deutan', 'tritan'] as const;
export type Vision = (typeof VISIONS)[number];

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

const MATRICES: Readonly<Record<Exclude<Vision, 'normal'>, Matrix>> = {
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** @param rgb 0…255 */
export function seenBy(vision: Vision, rgb: Rgb): Rgb {
  if (vision === 'normal') return rgb;
  const m = MATRICES[vision];
  const [r, g, b] = rgb.map((c) => toLinear(c / 255));
  const row = (i: number): number => 255 * toGamma(Math.min(1, Math.max(0, m[i] * r + m[i + 1] * g + m[i + 2] * b)));
  return [row(0), row(3), row(6)];
}

/** OKLab coordinates of a colour in each kind of vision, in the order of VISIONS. */
export const labsOf = (rgb: Rgb): readonly Lab[] => VISIONS.map((vision) => rgbToOklab(seenBy(vision, rgb)));

/** Smallest distance of two colours over all kinds of vision. */
export const apart = (p: readonly Lab[], q: readonly Lab[]): number =>
  p.reduce((least, a, i) => Math.min(least, Math.hypot(a[0] - q[i][0], a[1] - q[i][1], a[2] - q[i][2])), Infinity);
