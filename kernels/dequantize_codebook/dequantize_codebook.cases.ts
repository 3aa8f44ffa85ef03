import { E2M1, NF4 } from '../formats';

const nf4 = () => ({ book: NF4.slice() });
const fp4 = () => ({ book: E2M1.slice() });

export const dequantizeCodebookCases = [
  { name: '1x1 g16', dims: { M: 1, K: 1, G: 16 }, scalars: { tensorScale: 1 }, inputs: fp4 },
  { name: '5x37 g16', dims: { M: 5, K: 37, G: 16 }, scalars: { tensorScale: 0.001 }, inputs: fp4 },
  { name: '6x96 g32', dims: { M: 6, K: 96, G: 32 }, scalars: { tensorScale: 1 }, inputs: fp4 },
  { name: '4x100 g64', dims: { M: 4, K: 100, G: 64 }, scalars: { tensorScale: 1 }, inputs: nf4 },
  { name: '3x21 per row', dims: { M: 3, K: 21, G: 21 }, scalars: { tensorScale: 1 }, inputs: nf4 },
];
