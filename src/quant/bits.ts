/**
 * Effective bits per stored weight: codes, scales and the 16-bit branch.
 * The smoothing factor is not counted: it scales activations, and is folded into what makes or rounds them.
 */

import { groupSize, type Format } from './format';

/** Bits of one group's scale. */
const SCALE_BITS: Readonly<Record<Format['kind'], number>> = { int4: 16, int: 16, nf4: 16, nvfp4: 8, mxfp4: 8 };

/** Codes and scales of an [N,K] weight, bits per weight. NVFP4 adds one 16-bit scale per tensor. */
export function formatBits(format: Format, outFeatures: number, inFeatures: number): number {
  const code = format.kind === 'int' ? format.bits : 4;
  const groups = Math.ceil(inFeatures / groupSize(format, inFeatures));
  const tensor = format.kind === 'nvfp4' ? 16 / (outFeatures * inFeatures) : 0;
  return code + (SCALE_BITS[format.kind] * groups) / inFeatures + tensor;
}

/** The 16-bit branch: 16 r (N + K) / (N K) bits per weight. */
export const branchBits = (rank: number, outFeatures: number, inFeatures: number): number =>
  (16 * rank * (outFeatures + inFeatures)) / (outFeatures * inFeatures);

/** LLM.int8(): `kept` input columns in 16 bits, the rest in 8, one 16-bit scale per output row. */
export const mixedInt8Bits = (kept: number, inFeatures: number): number =>
  (8 * (inFeatures - kept) + 16 * kept + (kept < inFeatures ? 16 : 0)) / inFeatures;

/** Codes of `bits` and a 16-bit codebook of 2^bits levels per row of K weights. */
export const codebookBits = (bits: number, inFeatures: number): number => bits + (16 * 2 ** bits) / inFeatures;

/** A share (0 to 1) of the weights in CSR: a 16-bit value and a 32-bit column each, as the paper counts. */
export const sparseBits = (share: number): number => share * 48;

/** 32-bit row pointers of an [N,K] matrix in CSR, bits per weight; none where nothing is sparse. */
export const rowPointerBits = (nonzeros: number, outFeatures: number, inFeatures: number): number =>
  (nonzeros === 0 ? 0 : (32 * (outFeatures + 1)) / (outFeatures * inFeatures));

/** Unsigned codes of `bits` with a 16-bit step and a packed zero point of `bits` per group of a row of K. */
export const affineBits = (bits: number, inFeatures: number, group: number): number =>
  bits + ((16 + bits) * Math.ceil(inFeatures / group)) / inFeatures;
