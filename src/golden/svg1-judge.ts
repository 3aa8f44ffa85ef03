/**
 * What the official code judges heads by, each model with its own masks: sampled rows of both, their densities, and the
 * errors under them. Wan's and HunyuanVideo's are those of the lab. CogVideoX's are not one band read in two orders:
 * its spatial blocks are counted from the first text token and stop at a multiple of 128 near the video's length, and
 * its temporal mask leaves text out (svg/models/cog/utils.py, get_attention_mask). It is computed block by block.
 */

import { keep, relocate, type VideoMask } from '../../kernels/formats/video-mask';
import { denseAttention } from '../attention/dense';
import type { Heads } from '../attention/heads';
import { executionMask, profilingMask, type MaskOptions, type Video } from '../attention/masks';
import { densityOfMask } from '../attention/pairs';
import { profileHeads } from '../attention/profile';
import { withScope, type Engine } from '../engine/engine';
import { blockAttention } from '../papers/svg2/attention';

export interface Judged {
  /** [2,H]: spatial, then temporal; NaN where a row keeps nothing. */
  readonly errors: Float64Array;
  /** Spatial and temporal, [R,N] each. */
  readonly rows: readonly Uint8Array[];
  readonly density: readonly number[];
}

const rowsOf = (keeps: (q: number, k: number) => boolean, rows: Uint32Array, N: number): Uint8Array =>
  Uint8Array.from({ length: rows.length * N }, (_, at) => (keeps(rows[Math.floor(at / N)], at % N) ? 1 : 0));

export async function judge(engine: Engine, heads: Heads, rows: Uint32Array, video: Video, options: MaskOptions): Promise<Judged> {
  if (video.variant === 'cog') return judgeBlocks(engine, heads, rows, cogBlocks(video, options));
  const masks = (['frame', 'token'] as const).map((order): VideoMask => profilingMask(video, options, 'code', order));
  const { errors } = await profileHeads(engine, heads, rows, masks[0]);
  return {
    errors,
    rows: masks.map((mask) => rowsOf((q, k) => keep(mask, q, k), rows, heads.N)),
    density: masks.map(densityOfMask),
  };
}

/** A mask of whole blocks, in an order of its own. */
interface Blocks {
  /** The token at each place. [N] */
  readonly order: Uint32Array;
  /** Where each block begins, and N. */
  readonly starts: readonly number[];
  /** Of block i and block j. */
  readonly keeps: (i: number, j: number) => boolean;
}

function cogBlocks(video: Video, { grain }: MaskOptions): readonly Blocks[] {
  const { frames, positions, text } = video;
  const length = frames * positions;
  const N = length + text;
  const reach = Math.floor((1.5 * positions) / grain);
  const near = (a: number, b: number): boolean => Math.abs(a - b) < reach;
  const limit = Math.min(N, Math.ceil(length / grain) * grain);
  const cuts = (from: number, to: number): number[] => Array.from({ length: Math.ceil((to - from) / grain) }, (_, i) => from + i * grain);
  // The blocks of the spatial mask run through the text: its end is one more cut.
  const starts = [...new Set([...cuts(0, limit), text, limit, N])].sort((a, b) => a - b);
  const inText = (i: number): boolean => starts[i] < text;
  const block = (i: number): number => (starts[i] < limit ? Math.floor(starts[i] / grain) : Number.NaN);
  const mask = executionMask(video, { keptFraction: 1, grain, sink: 'none' });
  const order = new Uint32Array(N);
  for (let i = 0; i < N; i++) order[relocate(mask, i, 'token')] = i;
  const parts = [...(text > 0 ? [0] : []), ...cuts(text, N), N];
  const first = text > 0 ? 1 : 0;
  return [
    { order: Uint32Array.from({ length: N }, (_, i) => i), starts, keeps: (i, j) => inText(i) || inText(j) || near(block(i), block(j)) },
    { order, starts: parts, keeps: (i, j) => i >= first && j >= first && near(i, j) },
  ];
}

async function judgeBlocks(engine: Engine, heads: Heads, rows: Uint32Array, masks: readonly Blocks[]): Promise<Judged> {
  const { H, N, D } = heads;
  const dense = await denseAttention(engine, heads);
  const errors = new Float64Array(2 * H);
  const kept: Uint8Array[] = [];
  const density: number[] = [];
  for (const [type, { order, starts, keeps }] of masks.entries()) {
    const count = starts.length - 1;
    const of = new Uint32Array(N);
    for (let i = 0; i < count; i++) for (let at = starts[i]; at < starts[i + 1]; at++) of[order[at]] = i;
    const size = (i: number): number => starts[i + 1] - starts[i];
    const map = Uint32Array.from({ length: count ** 2 }, (_, at) => (keeps(Math.floor(at / count), at % count) ? 1 : 0));
    const clusters = {
      heads: H, tokens: N, count, labels: of, centers: new Float32Array(0),
      order: Uint32Array.from({ length: H * N }, (_, at) => order[at % N]), offsets: Uint32Array.from({ length: H * (count + 1) }, (_, at) => starts[at % (count + 1)]),
    };
    const kind = { kept: Uint32Array.from({ length: H * count ** 2 }, (_, at) => map[at % count ** 2]), queryClusters: count, keyClusters: count };
    const { o } = await withScope(engine, (scope) => blockAttention(scope, heads, clusters, clusters, kind));
    kept.push(rowsOf((q, k) => map[of[q] * count + of[k]] === 1, rows, N));
    density.push(map.reduce((sum, yes, at) => sum + yes * size(Math.floor(at / count)) * size(at % count), 0) / N ** 2);
    for (let h = 0; h < H; h++) errors[type * H + h] = meanSquare(o, dense.o, rows, h * N, D, (row) => map.subarray(of[row] * count, (of[row] + 1) * count).includes(1));
  }
  return { errors, rows: kept, density };
}

/** Mean of (o − dense)² over the rows of a head that begins at token `first`; NaN where a row keeps nothing. */
function meanSquare(o: Float32Array, dense: Float32Array, rows: Uint32Array, first: number, D: number, keepsAny: (row: number) => boolean): number {
  let sum = 0;
  for (const row of rows) {
    if (!keepsAny(row)) return Number.NaN;
    for (let at = (first + row) * D; at < (first + row + 1) * D; at++) sum += (o[at] - dense[at]) ** 2;
  }
  return sum / (rows.length * D);
}
