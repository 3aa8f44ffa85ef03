/** How a run of this lab is shown: which tensor stands where, shared scales, the band over a map, the picked query. */

import { makeScale, maxAbs, quantileAbs, rgbScale, type ColorScale } from '../../ui/color/scale';
import { planAxis, type AxisPlan } from '../../ui/heatmap/axes';
import type { Run, StageTensor } from '../../run/run';
import type { Placing } from '../../ui/strip/Place';

type Stages = Run['stages'];
type Scalars = Run['scalars'];

export const SPATIAL = 0;
export const TEMPORAL = 1;

export interface TilePlace extends Placing {
  /** Names the tile, and its wires. */
  readonly id: string;
  /** What it shows of the run. */
  readonly stage: string;
  readonly name: string;
}

/** The map once more, in the order in which it is run: which of the two that is, the verdict says. */
const AS_RUN = 'map_run';

/** Rows: A the tokens' way through the method, B what it is held against. */
const TILES: readonly TilePlace[] = [
  { id: 'q', stage: 'q', name: 'Queries', column: 1, row: 'A', order: 12 },
  { id: 'k', stage: 'k', name: 'Keys', column: 1, row: 'B', order: 13 },
  { id: 'map', stage: 'map', name: 'Attention', column: 2, row: 'A', order: 21 },
  { id: 'kept_spatial', stage: 'kept_spatial', name: 'Spatial', column: 3, row: 'A', order: 31 },
  { id: 'kept_temporal', stage: 'kept_temporal', name: 'Temporal', column: 3, row: 'B', order: 32 },
  { id: AS_RUN, stage: 'map', name: 'Laid out', column: 4, row: 'A', order: 41 },
  { id: 'tiles', stage: 'tiles', name: 'Tiles', column: 5, row: 'A', order: 51 },
  { id: 'tiles_frame', stage: 'tiles_frame', name: 'By frame', column: 5, row: 'B', order: 52 },
  { id: 'o', stage: 'o', name: 'Output', column: 6, row: 'A', order: 61 },
  { id: 'e', stage: 'e', name: 'Error', column: 6, row: 'B', order: 62 },
];

/** Whether the tokens of the chosen head are moved: a temporal head, with the transform on. */
export const isMoved = ({ params, scalars }: Pick<Run, 'params' | 'scalars'>): boolean => scalars['verdict'] === TEMPORAL && params['transform'] !== false;

/** Tiles of the strip. @param moved whether the tokens of the head are laid out by place */
export const tilesOf = (moved: boolean): readonly TilePlace[] =>
  TILES.map((tile) => (tile.id !== AS_RUN ? tile : moved ? { ...tile, stage: 'map_token' } : { ...tile, name: 'Not moved' }));

export type Scales = Readonly<Record<'x' | 'y' | 'e' | 'attention' | 'look' | 'kept' | 'tile', ColorScale>>;

/**
 * One scale per family. Attention counts from even attention, 1: linear below it, logarithmic above. The ink
 * of an error ends where the dense output does (99.5th percentile): full ink is an error as large as the output.
 */
export function scalesOf(stages: Stages): Scales {
  const data = (id: string): Float32Array => stages[id]?.data ?? new Float32Array(0);
  const largest = (...ids: string[]): number => Math.max(...ids.map((id) => maxAbs(data(id))));
  const look = largest('look', 'look_kept');
  const tokens = stages['q']?.rows ?? 1;
  return {
    x: makeScale('signed', largest('q', 'k', 'v'), 3.4 * quantileAbs(data('q'), 0.5)),
    y: makeScale('signed', largest('o_dense', 'o'), 3.4 * quantileAbs(data('o_dense'), 0.5)),
    e: makeScale('error', quantileAbs(data('o_dense'), 0.995), 0),
    attention: makeScale('error', largest('map', 'map_token'), 1, 'asinh'),
    look: makeScale('error', look, 2 / tokens, 'asinh'),
    kept: makeScale('error', 1, 0),
    tile: makeScale('error', 1, 0),
  };
}

export const scaleOf = (scales: Scales, stage: StageTensor): ColorScale =>
  (stage.family === 'rgb' ? rgbScale : (scales[stage.family as keyof Scales] ?? scales.x));

/** Ink of a tile's class: skipped, full, partial. */
export const CLASS_INK = [0, 0.78, 0.34] as const;

/** What is drawn of a stage: its values, or the ink of a class. */
export const drawnOf = (stage: StageTensor): Float32Array => (stage.family === 'tile' ? stage.data.map((c) => CLASS_INK[c] ?? 0) : stage.data);

/** A square may be a little larger than a tile where whole pixels would else leave it half as large. */
const SQUARE = 144;

/** A square picture that shows every cell, as large as whole pixels let it be. */
export function squareOf(length: number, room = SQUARE): AxisPlan {
  const zoom = Math.max(1, Math.floor(room / length));
  return { length, block: 1, cells: length, zoom, extent: length * zoom };
}

/** Of a stage: rows down, columns across. Squares keep every cell. */
export function plansOf({ rows, cols, family }: StageTensor): readonly [rows: AxisPlan, cols: AxisPlan] {
  if (family === 'rgb') return [planAxis(rows), planAxis(cols / 3)];
  return rows === cols && rows <= SQUARE ? [squareOf(rows), squareOf(cols)] : [planAxis(rows), planAxis(cols)];
}

export interface Query {
  /** Index among the video's tokens, frame-major, text not counted. */
  readonly video: number;
  /** From 0. */
  readonly frame: number;
  readonly place: number;
}

export function queryOf({ lookToken = 0, positions = 1, textFirst = 0 }: { readonly lookToken?: number; readonly positions?: number; readonly textFirst?: number }): Query {
  const video = Math.max(0, lookToken - textFirst);
  return { video, frame: Math.floor(video / positions), place: video % positions };
}

/** Tokens of text before the video's: CogVideoX has its text first. */
export const textFirst = ({ params, scalars }: Pick<Run, 'params' | 'scalars'>): number => (params['variant'] === 'cog' ? (scalars['text'] ?? 0) : 0);

export const pickedQuery = (run: Pick<Run, 'params' | 'scalars'>): Query =>
  queryOf({ lookToken: run.scalars['lookToken'], positions: (run.scalars['grid'] ?? 1) ** 2, textFirst: textFirst(run) });

/** Where a frame-major token stands in token-major order; text stays. */
export function tokenMajor(token: number, { params, scalars }: Pick<Run, 'params' | 'scalars'>): number {
  const { frames = 1, grid = 1 } = scalars as Partial<Scalars>;
  const first = textFirst({ params, scalars });
  const [i, positions] = [token - first, grid ** 2];
  return i < 0 || i >= frames * positions ? token : first + (i % positions) * frames + Math.floor(i / positions);
}

/** A number per head that the run already knows: −1 stands for one still to come. */
export function perHead(vectors: Run['vectors'], id: string, head: number): number | undefined {
  const value = vectors[id]?.data[head];
  return value === undefined || value < 0 ? undefined : value;
}

export interface Band {
  /** Half-width along the diagonal, in tokens. */
  readonly band?: number;
  /** Keys that every query keeps, from the first. */
  readonly sink?: number;
  readonly text?: { readonly start: number; readonly count: number };
}

/** Where a band runs along the diagonal of the map in the order of the run. */
export function bandOf({ params, scalars }: Pick<Run, 'params' | 'scalars'>): Band {
  const { bandTokens, grid = 1, tokens = 1, text = 0, verdict } = scalars;
  const moved = isMoved({ params, scalars });
  const across = verdict !== SPATIAL && !moved; // a temporal head left in frame order: no band along this diagonal
  const wan = params['variant'] === 'wan';
  const first = textFirst({ params, scalars });
  return {
    ...(!across && { band: bandTokens }),
    ...(wan && (params['sink'] === 'places' ? !across : params['sink'] === 'frame' && !moved) && { sink: grid ** 2 }),
    ...(text > 0 && { text: { start: first > 0 ? 0 : tokens - text, count: text } }),
  };
}
