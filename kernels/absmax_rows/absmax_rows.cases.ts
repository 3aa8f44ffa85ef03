export const absmaxRowsCases = [
  { name: '1x1', dims: { M: 1, N: 1 } },
  { name: '3x5', dims: { M: 3, N: 5 } },
  { name: '65x64', dims: { M: 65, N: 64 } },
  { name: '7x300', dims: { M: 7, N: 300 } },
  { name: '9x67, rows begin anywhere in a vec4', dims: { M: 9, N: 67 } },
  { name: 'zeros', dims: { M: 4, N: 9 }, inputs: () => ({ x: new Float32Array(36) }) },
] as const;
