export const lowrankUpCases = [
  { name: '3x8 rank 0', dims: { T: 3, N: 8, R: 0 } },
  { name: '1x1 rank 1', dims: { T: 1, N: 1, R: 1 } },
  { name: '7x13 rank 5', dims: { T: 7, N: 13, R: 5 } },
  { name: '33x35 rank 16', dims: { T: 33, N: 35, R: 16 } },
  { name: '67x70 rank 20', dims: { T: 67, N: 70, R: 20 } },
  { name: '65x34 rank 33', dims: { T: 65, N: 34, R: 33 } },
] as const;
