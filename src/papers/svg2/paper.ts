import { attention } from '../../../kernels/attention/attention';
import { attentionBlocks } from '../../../kernels/attention_blocks/attention_blocks';
import { clusterMap } from '../../../kernels/cluster_map/cluster_map';
import type { AnyKernel } from '../../../kernels/define';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { kmeansAssign } from '../../../kernels/kmeans_assign/kmeans_assign';
import { listKept } from '../../../kernels/list_kept/list_kept';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import { segmentMean } from '../../../kernels/segment_mean/segment_mean';
import { sortByLabel } from '../../../kernels/sort_by_label/sort_by_label';
import { topP } from '../../../kernels/top_p/top_p';
import type { Paper } from '../contract';
import { experiment } from './experiment';
import { fileInputs, schema } from './params';

/** What the strip needs; the kernels of baselines are compiled when their turn comes. */
const first = [attention, attentionBlocks, kmeansAssign, sortByLabel, segmentMean, clusterMap, topP, listKept, gatherRows, scatterRows, matmulNt] as const;

export const paper: Paper = {
  id: 'svg2', schema, fileInputs, kernels: first as unknown as readonly AnyKernel[], experiment,
};
