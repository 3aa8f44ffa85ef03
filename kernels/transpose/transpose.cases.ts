export const transposeCases = [
  { name: '1x1', dims: { M: 1, N: 1 } },
  { name: '5x70', dims: { M: 5, N: 70 } },
  { name: '32x16', dims: { M: 32, N: 16 } },
  { name: '36x68', dims: { M: 36, N: 68 } },
  { name: '67x33', dims: { M: 67, N: 33 } },
] as const;
