export const sumSquaresCases = [
  { name: '1x1', dims: { M: 1, N: 1 } },
  { name: '3x5', dims: { M: 3, N: 5 } },
  { name: '65x64', dims: { M: 65, N: 64 } },
  { name: '2x1000', dims: { M: 2, N: 1000 } },
  { name: '9x67, rows begin anywhere in a vec4', dims: { M: 9, N: 67 } },
] as const;
