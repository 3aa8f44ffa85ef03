export const lowrankDownCases = [
  { name: '3x8 rank 0', dims: { T: 3, K: 8, R: 0 } },
  { name: '1x1 rank 1', dims: { T: 1, K: 1, R: 1 } },
  { name: '7x13 rank 5', dims: { T: 7, K: 13, R: 5 } },
  { name: '33x128 rank 16', dims: { T: 33, K: 128, R: 16 } },
  { name: '70x36 rank 18', dims: { T: 70, K: 36, R: 18 } },
  { name: '9x130 rank 33', dims: { T: 9, K: 130, R: 33 } },
] as const;
