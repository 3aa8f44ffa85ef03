/** Sizes below, at and beyond each tile, and none of them a multiple of all. */
export const matmulNtCases = [
  { name: '1x1x1', dims: { M: 1, N: 1, K: 1 } },
  { name: '5x7x3', dims: { M: 5, N: 7, K: 3 } },
  { name: '9x13x8', dims: { M: 9, N: 13, K: 8 } },
  { name: '32x32x32', dims: { M: 32, N: 32, K: 32 } },
  { name: '33x65x17', dims: { M: 33, N: 65, K: 17 } },
  { name: '65x66x36', dims: { M: 65, N: 66, K: 36 } },
  { name: '96x128x128', dims: { M: 96, N: 128, K: 128 } },
  { name: '3x77x132', dims: { M: 3, N: 77, K: 132 } },
  { name: '1x100x130', dims: { M: 1, N: 100, K: 130 } },
] as const;
