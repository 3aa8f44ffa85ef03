/** What the frames of a strip show: their pixels, one value per token, or the cluster of each token. */

import type { ColorScale } from '../color/scale';

export type FrameLayer =
  /** [frames, rows·detail, cols·detail, 3], sRGB 0 … 1. */
  | { readonly kind: 'pixels'; readonly data: Float32Array }
  /** [frames·rows·cols], ≥ 0, all frames on one scale. */
  | { readonly kind: 'ink'; readonly data: Float32Array; readonly scale: ColorScale; readonly symbol?: string }
  /** [frames·rows·cols], names from 0. `picked` is outlined and all but it and `lit` are pale. `paint`: the colour of each name where it is not its own. */
  | { readonly kind: 'labels'; readonly data: ArrayLike<number>; readonly count: number; readonly picked?: number; readonly lit?: ReadonlySet<number>; readonly paint?: ArrayLike<number> };
