import type { AnyKernel } from '../../../kernels/define';
import { absmaxColumns } from '../../../kernels/absmax_columns/absmax_columns';
import { dequantizeInt4 } from '../../../kernels/dequantize_int4/dequantize_int4';
import { differenceSquares } from '../../../kernels/difference_squares/difference_squares';
import { matmul } from '../../../kernels/matmul/matmul';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { quantizeDown } from '../../../kernels/quantize_down/quantize_down';
import { quantizeInt4 } from '../../../kernels/quantize_int4/quantize_int4';
import { scaleChannels } from '../../../kernels/scale_channels/scale_channels';
import { subtractProduct } from '../../../kernels/subtract_product/subtract_product';
import { sumSquares } from '../../../kernels/sum_squares/sum_squares';
import { transposeInt4 } from '../../../kernels/transpose_int4/transpose_int4';
import { w4a4Up } from '../../../kernels/w4a4_up/w4a4_up';
import type { Paper } from '../contract';
import { experiment } from './experiment';
import { fileInputs, schema } from './params';

/** What the strip needs; the kernels of baselines and charts are compiled when their turn comes. */
const first = [
  absmaxColumns, scaleChannels, matmulNt, matmul, subtractProduct, quantizeInt4, quantizeDown, transposeInt4, w4a4Up, dequantizeInt4, sumSquares, differenceSquares,
] as const;

export const paper: Paper = {
  id: 'svdquant', schema, fileInputs, kernels: first as unknown as readonly AnyKernel[], experiment,
};
