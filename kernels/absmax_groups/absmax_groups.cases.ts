export const absmaxGroupsCases = [
  { name: '1x8 by 8', dims: { M: 1, K: 8, G: 8 } },
  { name: '3x20 by 16, a short group', dims: { M: 3, K: 20, G: 16 } },
  { name: '33x128 by 64', dims: { M: 33, K: 128, G: 64 } },
  { name: '5x13 per channel', dims: { M: 5, K: 13, G: 13 } },
] as const;
