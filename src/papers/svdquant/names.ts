/** Names, colours and order of the methods on the page; the ids are also those of the command line. */

import type { MethodSlot } from '../../run/run';

export const METHODS = {
  rtn: { label: 'Round only', slot: 'rtn' },
  lowrank: { label: 'SVD only', slot: 'svd' },
  smooth: { label: 'SmoothQuant', slot: 'smooth' },
  lorc: { label: 'LoRC', slot: 'lorc' },
  svdquant: { label: 'SVDQuant', slot: 'hero' },
  'svdquant-iterated': { label: 'SVDQuant, refined', slot: 'iter' },
  'svdquant-gptq': { label: 'SVDQuant, GPTQ', slot: 'gptq' },
  nf4: { label: 'NF4, weights only', slot: 'fp4' },
  'int8-mixed': { label: 'INT8, outliers in 16 bits', slot: 'int8' },
  awq: { label: 'AWQ, weights only', slot: 'awq' },
} as const satisfies Readonly<Record<string, { label: string; slot: MethodSlot }>>;

export type MethodId = keyof typeof METHODS;

export const METHOD_ORDER = Object.keys(METHODS) as MethodId[];

/** What each kernel does in this lab, by kernel name. */
export const KERNEL_LABELS: Readonly<Record<string, string>> = {
  absmax_columns: 'Channel maxima',
  scale_channels: 'Smooth',
  matmul: 'Product L₁L₂',
  subtract_product: 'Residual',
  quantize_int4: 'Round to INT4',
  quantize_nvfp4: 'Round to NVFP4',
  quantize_mxfp4: 'Round to MXFP4',
  dequantize_int4: 'Expand codes',
  dequantize_codebook: 'Expand codes',
  round_groups: 'Round values',
  absmax_rows: 'Largest value',
  transpose_int4: 'Lay weights out',
  w4a4_matmul: '4-bit product',
  lowrank_down: 'Branch down',
  lowrank_up: 'Branch up',
  quantize_down: 'Fused: round + branch down',
  w4a4_up: 'Fused: 4-bit product + branch up',
  matmul_nt: '32-bit product',
};
