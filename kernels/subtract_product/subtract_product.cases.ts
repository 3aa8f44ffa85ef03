/** Ranks from none at all to more than a tile. */
export const subtractProductCases = [
  { name: '5x7 rank 0', dims: { N: 5, K: 7, R: 0 } },
  { name: '1x1 rank 1', dims: { N: 1, K: 1, R: 1 } },
  { name: '33x20 rank 5', dims: { N: 33, K: 20, R: 5 } },
  { name: '32x64 rank 16', dims: { N: 32, K: 64, R: 16 } },
  { name: '67x68 rank 20', dims: { N: 67, K: 68, R: 20 } },
  { name: '65x34 rank 33', dims: { N: 65, K: 34, R: 33 } },
] as const;
