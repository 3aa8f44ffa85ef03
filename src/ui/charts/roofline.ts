/** Geometry of a roofline: operations per second over operations per byte, both axes logarithmic. */

import { number } from '../format';

/** The two measured ceilings. */
export interface Roof {
  readonly bytesPerSecond: number;
  readonly flopsPerSecond: number;
}

/** FLOP/s that the ceilings allow at an intensity in FLOP per byte. */
export const roofAt = ({ bytesPerSecond, flopsPerSecond }: Roof, intensity: number): number => Math.min(flopsPerSecond, bytesPerSecond * intensity);

/** Where the drawing leaves off, pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface RooflineScale {
  /** Ends of the axis of intensities, and of the axis of rates. */
  readonly intensities: readonly [low: number, high: number];
  readonly rates: readonly [low: number, high: number];
  /** The intensity at which the two ceilings meet. */
  readonly ridge: number;
  readonly px: (intensity: number) => number;
  readonly py: (rate: number) => number;
  /** The roof as a path. */
  readonly path: string;
}

/** Axes with room for every point and for the roof on both sides of its ridge. */
export function rooflineScale(points: readonly { readonly intensity: number; readonly rate: number }[], roof: Roof, frame: Frame): RooflineScale {
  const ridge = roof.flopsPerSecond / roof.bytesPerSecond;
  const low = Math.min(ridge / 8, ...points.map((p) => p.intensity / 2));
  const high = Math.max(ridge * 8, ...points.map((p) => p.intensity * 2));
  const top = Math.max(roof.flopsPerSecond, ...points.map((p) => p.rate)) * 2.5;
  const least = Math.min(roofAt(roof, low), ...points.map((p) => p.rate)) / 2;
  const along = (value: number, a: number, b: number): number => Math.log(value / a) / Math.log(b / a);
  const px = (intensity: number): number => frame.left + along(intensity, low, high) * (frame.right - frame.left);
  const py = (rate: number): number => frame.top + (1 - along(rate, least, top)) * (frame.bottom - frame.top);
  return { intensities: [low, high], rates: [least, top], ridge, px, py, path: `M${px(low)} ${py(roofAt(roof, low))}L${px(ridge)} ${py(roof.flopsPerSecond)}H${frame.right}` };
}

/** '0.01' to '1000' in full, then '10⁴'. */
export const powerOfTen = (value: number): string => (value >= 0.0099 && value < 1e4 ? String(Number(value.toPrecision(3))) : number(value).replace('1·', ''));
