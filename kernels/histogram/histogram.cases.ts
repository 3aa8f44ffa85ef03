/** Ranges and counts whose bin width is a power of two put every edge on an exact float, so counts must agree exactly. */
export const histogramCases = [
  { name: '1x1 into 1', dims: { M: 1, N: 1, B: 1 }, scalars: { low: -4, high: 4 } },
  { name: '37x29 into 64', dims: { M: 37, N: 29, B: 64 }, scalars: { low: -4, high: 4 } },
  { name: '10x100 into 16, values beyond both ends', dims: { M: 10, N: 100, B: 16 }, scalars: { low: -1, high: 1 } },
  {
    name: 'values on the edges',
    dims: { M: 1, N: 5, B: 4 },
    scalars: { low: 0, high: 4 },
    inputs: () => ({ x: Float32Array.of(0, 1, 2, 3, 4) }),
  },
] as const;
