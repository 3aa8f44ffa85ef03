export const absmaxColumnsCases = [
  { name: '1x1', dims: { M: 1, N: 1 } },
  { name: '5x3', dims: { M: 5, N: 3 } },
  { name: '64x65', dims: { M: 64, N: 65 } },
  { name: '300x7', dims: { M: 300, N: 7 } },
  { name: '67x12', dims: { M: 67, N: 12 } },
  { name: 'zeros', dims: { M: 9, N: 4 }, inputs: () => ({ x: new Float32Array(36) }) },
] as const;
