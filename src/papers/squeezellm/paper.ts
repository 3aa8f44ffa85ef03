import type { AnyKernel } from '../../../kernels/define';
import { fisherDiagonal } from '../../../kernels/fisher_diagonal/fisher_diagonal';
import { matmul } from '../../../kernels/matmul/matmul';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { roundAffine } from '../../../kernels/round_affine/round_affine';
import type { Paper } from '../contract';
import { experiment } from './experiment';
import { fileInputs, schema } from './params';

/** What the strip needs; the kernels of baselines and charts are compiled when their turn comes. */
const first = [matmulNt, matmul, fisherDiagonal, roundAffine] as const;

export const paper: Paper = {
  id: 'squeezellm', schema, fileInputs, kernels: first as unknown as readonly AnyKernel[], experiment,
};
