import { w4a4Operands } from '../w4a4_matmul/w4a4_matmul.cases';

/** The shapes of w4a4_matmul with ranks from none at all to more than a tile. */
export const w4a4UpCases = [
  { name: '1x1x1 rank 1', dims: { T: 1, N: 1, K: 1, G: 1, R: 1 }, inputs: w4a4Operands },
  { name: '3x5x13 per channel, rank 0', dims: { T: 3, N: 5, K: 13, G: 13, R: 0 }, inputs: w4a4Operands },
  { name: '7x9x20 by 16, rank 5', dims: { T: 7, N: 9, K: 20, G: 16, R: 5 }, inputs: w4a4Operands },
  { name: '33x35x128 by 64, rank 16', dims: { T: 33, N: 35, K: 128, G: 64, R: 16 }, inputs: w4a4Operands },
  { name: '5x6x144 by 72, rank 2, a group of two tiles', dims: { T: 5, N: 6, K: 144, G: 72, R: 2 }, inputs: w4a4Operands },
  { name: '70x66x48 by 8, rank 33', dims: { T: 70, N: 66, K: 48, G: 8, R: 33 }, inputs: w4a4Operands },
] as const;
