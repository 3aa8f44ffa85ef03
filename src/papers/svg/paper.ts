import { attention } from '../../../kernels/attention/attention';
import { attentionMasked } from '../../../kernels/attention_masked/attention_masked';
import { attentionProfile } from '../../../kernels/attention_profile/attention_profile';
import { classifyTiles } from '../../../kernels/classify_tiles/classify_tiles';
import type { AnyKernel } from '../../../kernels/define';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import type { Paper } from '../contract';
import { experiment } from './experiment';
import { fileInputs, schema } from './params';

/** What the strip needs; the kernels of baselines are compiled when their turn comes. */
const first = [attention, attentionProfile, classifyTiles, attentionMasked, gatherRows, scatterRows, matmulNt] as const;

export const paper: Paper = { id: 'svg', schema, fileInputs, kernels: first as unknown as readonly AnyKernel[], experiment };
