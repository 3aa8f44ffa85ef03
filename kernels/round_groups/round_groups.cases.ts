/** Widths of 2, 3, 4 and 8 bits: qmax = 2^(bits-1) - 1. */
export const roundGroupsCases = [
  { name: '1x1', dims: { M: 1, K: 1, G: 1 }, scalars: { qmax: 7 } },
  { name: 'zeros', dims: { M: 2, K: 16, G: 8 }, scalars: { qmax: 7 }, inputs: () => ({ x: new Float32Array(32) }) },
  { name: '3x13 per channel, 3 bits', dims: { M: 3, K: 13, G: 13 }, scalars: { qmax: 3 } },
  { name: '5x20 by 16, 8 bits', dims: { M: 5, K: 20, G: 16 }, scalars: { qmax: 127 } },
  { name: '33x128 by 64, 2 bits', dims: { M: 33, K: 128, G: 64 }, scalars: { qmax: 1 } },
] as const;
