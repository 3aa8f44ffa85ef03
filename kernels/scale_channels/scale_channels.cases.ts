import type { Dims } from '../define';
import type { Rng } from '../rng';

const positive = (rng: Rng, { K }: Dims): { s: Float32Array } => ({
  s: Float32Array.from({ length: K }, () => Math.exp(rng.normal())),
});

export const scaleChannelsCases = [
  { name: '1x1 times', dims: { M: 1, K: 1 }, scalars: { divide: 0 }, inputs: positive },
  { name: '33x65 times', dims: { M: 33, K: 65 }, scalars: { divide: 0 }, inputs: positive },
  { name: '33x65 divided', dims: { M: 33, K: 65 }, scalars: { divide: 1 }, inputs: positive },
] as const;
