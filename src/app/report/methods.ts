/** The report's methods as the page names and marks them. */

import type { ReportMethodId } from '../../report/contract';
import type { MethodSlot } from '../../run/run';

export interface MethodText {
  readonly label: string;
  /** For the head of a narrow column. */
  readonly short: string;
  /** Within a cell. */
  readonly tiny?: string;
  readonly slot: MethodSlot;
  readonly says: string;
  /** False where the format has a width of its own. */
  readonly anyBits: boolean;
}

export const METHODS: Readonly<Record<ReportMethodId, MethodText>> = {
  rtn: { label: 'Round to nearest', short: 'RTN', slot: 'rtn', anyBits: true, says: 'Evenly spaced levels, one scale for each group of weights.' },
  nf4: { label: 'NF4', short: 'NF4', slot: 'fp4', anyBits: false, says: 'Sixteen levels placed for normally distributed weights, one scale a group.' },
  nvfp4: { label: 'NVFP4', short: 'NVFP4', slot: 'smooth', anyBits: false, says: '4-bit floats in groups of 16 with 8-bit float scales.' },
  mxfp4: { label: 'MXFP4', short: 'MXFP4', slot: 'lorc', anyBits: false, says: '4-bit floats in groups of 32 with powers of two as scales.' },
  svdquant: { label: 'SVDQuant', short: 'SVDQuant', slot: 'iter', anyBits: true, says: 'A 16-bit low-rank branch takes the largest part; the rest is rounded.' },
  'dense-and-sparse': { label: 'Dense-and-sparse', short: 'Dense + sparse', tiny: 'D + S', slot: 'hero', anyBits: true, says: 'Outliers kept sparse in 16 bits; a codebook for each row of what remains.' },
  kmeans: { label: 'k-means', short: 'k-means', slot: 'svd', anyBits: true, says: 'A codebook for each row, placed where its weights are.' },
};

/** 'Round to nearest, 4 bits' */
export const measureName = ({ id, bits }: { readonly id: ReportMethodId; readonly bits: number }): string =>
  METHODS[id].anyBits ? `${METHODS[id].label}, ${bits} bits` : METHODS[id].label;
