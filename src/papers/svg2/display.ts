/** How a run of this lab is shown: where pictures stand, their shared scales, the picked token and its clusters. */

import type { Run, StageTensor, StageVector } from '../../run/run';
import { labelScale, makeScale, maxAbs, quantileAbs, rgbScale, type ColorScale } from '../../ui/color/scale';
import type { Placing } from '../../ui/strip/Place';

type Stages = Run['stages'];
type Vectors = Run['vectors'];

export interface TilePlace extends Placing {
  /** The first of these that the run has is drawn. */
  readonly stages: readonly string[];
}

/** Pictures of tokens. Rows: A queries and place order, B keys and cluster order, C one token. */
export const FRAME_TILES: readonly TilePlace[] = [
  { stages: ['pixels', 'q_class'], column: 1, row: 'A', order: 11 },
  { stages: ['k_class'], column: 1, row: 'B', order: 12 },
  { stages: ['label_q'], column: 2, row: 'A', order: 21 },
  { stages: ['label_k'], column: 2, row: 'B', order: 22 },
  { stages: ['e_token_place'], column: 6, row: 'A', order: 61 },
  { stages: ['e_token'], column: 6, row: 'B', order: 62 },
  { stages: ['look_dense'], column: 1, row: 'C', order: 53 },
  { stages: ['look_kept'], column: 2, row: 'C', order: 54 },
];

/** Pictures of pairs, and of K where the video itself stands for Q. */
export const MAP_TILES: readonly TilePlace[] = [
  { stages: ['k'], column: 1, row: 'B', order: 12 },
  { stages: ['probability'], column: 3, row: 'A', order: 31 },
  { stages: ['map'], column: 4, row: 'A', order: 41 },
  { stages: ['map_sorted'], column: 4, row: 'B', order: 42 },
  { stages: ['kept'], column: 5, row: 'A', order: 51 },
  { stages: ['kept_sorted'], column: 5, row: 'B', order: 52 },
];

/** Names of stages under their pictures, shorter than their own: a caption has the width of a tile. */
export const TILE_NAMES: Readonly<Record<string, string>> = {
  pixels: 'Video', q_class: 'Query meaning', k_class: 'Key meaning', k: 'Keys', label_q: 'Query clusters', label_k: 'Key clusters',
  probability: 'Centroids', map: 'By place', map_sorted: 'By cluster', kept: 'Kept', kept_sorted: 'Kept',
  e_token_place: 'By place', e_token: 'SVG2', look_dense: 'Looks at', look_kept: 'Keeps',
};

/** @returns the stage that stands there in this run; K stands in for key meanings that only the toy knows */
export const standing = (stages: Stages, place: TilePlace): StageTensor | undefined =>
  (place.stages[0] === 'k' && stages['k_class'] ? undefined : place.stages.map((id) => stages[id]).find((stage) => stage !== undefined));

/** A video as tokens: frames of side × side. */
export interface Video {
  readonly frames: number;
  readonly side: number;
}

/** @returns undefined until the clusters are there */
export function videoOf(stages: Stages): Video | undefined {
  const labels = stages['label_q'];
  return labels && { frames: labels.rows, side: Math.round(Math.sqrt(labels.cols)) };
}

/** Pixels per token, each way: 1 but for pictures. */
export const detailOf = (stage: StageTensor, { frames, side }: Video): number =>
  (stage.family === 'rgb' ? Math.max(1, Math.round(stage.rows / (frames * side))) : 1);

export type Scales = Readonly<Record<'attention' | 'look' | 'probability' | 'et' | 'q' | 'k' | 'v' | 'y' | 'e' | 'kept', ColorScale>>;

/**
 * One scale per family. Attention and looks in ink, logarithmic above even attention, so that ground and peaks both show;
 * errors per token linear, to the 99.5th percentile of the worst.
 */
export function scalesOf(stages: Stages): Scales {
  const data = (id: string): Float32Array => stages[id]?.data ?? new Float32Array(0);
  const most = (...ids: string[]): number => Math.max(...ids.map((id) => maxAbs(data(id))));
  const signed = (id: string, ...others: string[]): ColorScale => makeScale('signed', most(id, ...others), 3.4 * quantileAbs(data(id), 0.5));
  return {
    attention: makeScale('error', most('map', 'map_sorted'), 1, 'asinh'),
    look: makeScale('error', most('look_dense'), 1 / Math.max(1, data('look_dense').length), 'asinh'),
    probability: makeScale('error', most('probability', 'mass'), 1 / Math.max(1, stages['probability']?.cols ?? 1), 'asinh'),
    et: makeScale('error', Math.max(quantileAbs(data('e_token'), 0.995), quantileAbs(data('e_token_place'), 0.995)), 0),
    q: signed('q'), k: signed('k'), v: signed('v'), y: signed('o_dense', 'o'), e: signed('e'),
    kept: makeScale('error', 1, 0),
  };
}

/** The scale of a stage: its family's; labels and pixels need none. */
export function scaleOf(scales: Scales, stage: StageTensor): ColorScale {
  if (stage.family === 'rgb') return rgbScale;
  if (stage.family === 'label') return labelScale(1 + maxAbs(stage.data));
  return scales[stage.family as keyof Scales] ?? scales.q;
}

/** What clusters are coloured by: those of one meaning share a colour. @returns undefined for other stages */
export const paintOf = (vectors: Vectors, stage: string): ArrayLike<number> | undefined =>
  ({ label_q: vectors['paint_q'], label_k: vectors['paint_k'] } as Readonly<Record<string, StageVector | undefined>>)[stage]?.data;

/** The picked token: its clusters, and the key clusters that its own keeps. */
export interface Picked {
  readonly token: number;
  readonly frame: number;
  readonly y: number;
  readonly x: number;
  readonly queryCluster: number;
  readonly keyCluster: number;
  /** Ids of the key clusters kept. */
  readonly kept: ReadonlySet<number>;
}

/** @param wanted token of the link; one that this video lacks is its last */
export function pickedOf(stages: Stages, wanted: number): Picked | undefined {
  const [video, q, k, kept] = [videoOf(stages), stages['label_q'], stages['label_k'], stages['kept_map']];
  if (!video || !q || !k || !kept) return undefined;
  const { frames, side } = video;
  const token = Math.max(0, Math.min(frames * side ** 2 - 1, wanted));
  const p = token % side ** 2;
  const queryCluster = q.data[token]!;
  const row = kept.data.subarray(queryCluster * kept.cols, (queryCluster + 1) * kept.cols);
  return {
    token, frame: Math.floor(token / side ** 2), y: Math.floor(p / side), x: p % side,
    queryCluster, keyCluster: k.data[token]!, kept: new Set(Array.from(row.keys()).filter((j) => row[j])),
  };
}

/** Where the inspector stands until the reader chooses a cell: on the picked token, its clusters, its cell of the map. */
export function cellsOf(stages: Stages, scalars: Run['scalars'], token: number): Readonly<Record<string, number>> {
  const picked = pickedOf(stages, token);
  if (!picked) return {};
  const { cell = 1, grid = 1 } = scalars;
  const place = Math.floor(picked.token / cell);
  return { t: picked.token, f: picked.frame, p: picked.y * grid + picked.x, cq: picked.queryCluster, ck: picked.keyCluster, i: place, j: place };
}
