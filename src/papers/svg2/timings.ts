/** Times of the lab's kernels on this run's own head and clusters; one timing a patch, and then what a step takes. */

import { attention } from '../../../kernels/attention/attention';
import { attentionBlocks } from '../../../kernels/attention_blocks/attention_blocks';
import { clusterMap } from '../../../kernels/cluster_map/cluster_map';
import type { AnyKernel } from '../../../kernels/define';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { kmeansAssign } from '../../../kernels/kmeans_assign/kmeans_assign';
import { listKept } from '../../../kernels/list_kept/list_kept';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import { segmentMean } from '../../../kernels/segment_mean/segment_mean';
import { sortByLabel } from '../../../kernels/sort_by_label/sort_by_label';
import { topP } from '../../../kernels/top_p/top_p';
import type { RunPatch, TimedKernel } from '../../run/run';
import { timeKernel, type KernelLaunch } from '../timed';
import { videoOf } from './clusters';
import { STAGES, type Stage } from './cost';
import { scaleOf } from './heads';
import type { Problem } from './inputs';
import type { Clustering } from './kmeans';
import { KERNEL_LABELS } from './names';
import type { Shown } from './outcome';

interface Launch extends KernelLaunch {
  /** Of queries or of keys, where there are two. */
  readonly side?: 'queries' | 'keys';
  /** Launches in one step; k-means counts one for each iteration. */
  readonly times: number;
}

const launch = (kernel: object, rest: Omit<Launch, 'kernel'>): Launch => ({ kernel: kernel as AnyKernel, ...rest });

function clustering(x: Float32Array, { tokens: N, count: C, labels, order, offsets, centers }: Clustering, side: 'queries' | 'keys', times: number): Launch[] {
  const D = centers.length / C;
  return [
    launch(kmeansAssign, { side, times, inputs: { x, c: centers }, dims: { H: 1, N, C, D } }),
    launch(sortByLabel, { side, times, inputs: { labels }, dims: { H: 1, N, C } }),
    launch(segmentMean, { side, times, inputs: { x, order, offsets, centers }, dims: { H: 1, N, C, D } }),
  ];
}

function launches({ settings }: Problem, { of: { given: { heads }, clusters, map: video }, outcome: { queries, keys, map } }: Shown): Launch[] {
  const { N, D, q, k, v } = heads;
  const scale = scaleOf(heads);
  const iterations = (side: 'queries' | 'keys'): number => clusters.runs[side]?.iterations ?? 0;
  const [Cq, Ck] = [map.queryClusters, map.keyClusters];
  const list = new Uint32Array(Cq * Ck).fill(Ck);
  for (let i = 0; i < Cq; i++) for (let j = 0, at = i * Ck; j < Ck; j++) if (map.kept[i * Ck + j]) list[at++] = j;
  const sorted = (x: Float32Array, { order }: Clustering): Float32Array => {
    const out = new Float32Array(x.length);
    order.forEach((token, at) => out.set(x.subarray(token * D, (token + 1) * D), at * D));
    return out;
  };
  const centroids = { Cq: video.queryClusters, Ck: video.keyClusters, H: 1 };
  return [
    launch(attention, { times: 1, inputs: { q, k, v }, dims: { H: 1, N, M: N, D }, scalars: { scale, causal: 0 } }),
    launch(attentionBlocks, {
      times: 1, scalars: { scale }, dims: { H: 1, N, M: N, Cq, Ck, D },
      inputs: { q: sorted(q, queries), k: sorted(k, keys), v: sorted(v, keys), queries: queries.offsets, keys: keys.offsets, list },
    }),
    ...clustering(videoOf(heads, q).x, clusters.queries, 'queries', iterations('queries')), ...clustering(videoOf(heads, k).x, clusters.keys, 'keys', iterations('keys')),
    launch(clusterMap, { times: 1, inputs: { queries: clusters.queries.centers, keys: clusters.keys.centers, offsets: clusters.keys.offsets }, dims: { ...centroids, D }, scalars: { scale } }),
    launch(topP, { times: 1, inputs: { probability: video.probability }, dims: centroids, scalars: { share: settings.topP, least: Math.trunc(settings.minKept * video.keyClusters) } }),
    launch(listKept, { times: 1, inputs: { kept: map.kept }, dims: { H: 1, Cq, Ck } }),
    launch(gatherRows, { times: 3, inputs: { x: q, order: queries.order }, dims: { H: 1, N, M: N, D } }),
    launch(scatterRows, { times: 1, inputs: { x: q, order: queries.order }, dims: { H: 1, N, D } }),
  ];
}

const NAMES: Readonly<Record<Stage, string>> = { clustering: 'secondsCluster', map: 'secondsMap', permutation: 'secondsPermutation', attention: 'secondsAttention' };

export async function* timings(problem: Problem, shown: Shown, signal: AbortSignal): AsyncGenerator<RunPatch> {
  const { engine, memo, pause, settings: s } = problem;
  const timer = { engine, memo, signal, budget: 0.15 };
  const done: TimedKernel[] = [];
  const seconds: Record<string, number> = {};
  const add = (name: string, value: number): void => { seconds[name] = (seconds[name] ?? 0) + value; };
  for (const { side, times, ...one } of launches(problem, shown)) {
    const { kernel } = one;
    const label = `${KERNEL_LABELS[kernel.name] ?? kernel.name}${side ? `, ${side}` : ''}`;
    // What is skipped, and how even the clusters are, decides the time of these.
    const data = kernel.name === 'attention' ? null : [shown.of.key, side ?? null];
    const entry = await timeKernel(timer, label, one, data);
    const { timing } = entry;
    done.push(entry);
    const stage = STAGES[kernel.name];
    add(stage ? NAMES[stage] : 'secondsDense', times * timing.median);
    if (stage === 'clustering' && times > 0) {
      add('secondsClusterLater', s.later * timing.median);
      add('secondsClusterFirst', s.first * timing.median);
    }
    await pause();
    yield { kernels: [...done] };
  }
  yield { scalars: seconds };
}
