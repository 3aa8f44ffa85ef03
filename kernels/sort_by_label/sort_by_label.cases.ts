import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Labels that are multiples of `step`, so that those between are empty. */
const labelled = (step: number) => (rng: Rng, { H, N, C }: Dims) => ({
  labels: Uint32Array.from({ length: H * N }, () => rng.below(Math.ceil(C / step)) * step),
});

const one = (_: Rng, { H, N, C }: Dims) => ({ labels: new Uint32Array(H * N).fill(C - 1) });

export const sortByLabelCases = [
  { name: '1 token, 1 label', dims: { H: 1, N: 1, C: 1 }, inputs: labelled(1) },
  { name: '2x7 tokens, 3 labels', dims: { H: 2, N: 7, C: 3 }, inputs: labelled(1) },
  { name: '3x130 tokens, 10 labels', dims: { H: 3, N: 130, C: 10 }, inputs: labelled(1) },
  { name: '2x333 tokens, 20 labels, most of them empty', dims: { H: 2, N: 333, C: 20 }, inputs: labelled(3) },
  { name: '700 tokens, 512 labels', dims: { H: 1, N: 700, C: 512 }, inputs: labelled(1) },
  { name: '65 tokens, the last of 5 labels', dims: { H: 1, N: 65, C: 5 }, inputs: one },
];
