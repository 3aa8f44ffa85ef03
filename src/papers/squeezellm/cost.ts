/**
 * Bytes and time of the matrix–vector product: models, not measurements. 16-bit activations, levels and sparse values,
 * 32-bit columns and row pointers, as the paper counts them.
 */

import type { Ceilings } from '../../engine/engine';
import type { Sweep, Traffic, TrafficRow } from '../../run/run';
import { METHODS, SIXTEEN_BITS } from './names';

export interface LayerSize {
  readonly inFeatures: number; // K
  readonly outFeatures: number; // N
  readonly bits: number;
  /** Share of the weights that are sparse, 0 to 1. */
  readonly share: number;
}

/** The width of LLaMA-7B's attention projections. */
export const PAPER_SIDE = 4096;

interface Bytes {
  readonly sixteen: number;
  readonly codes: number;
  readonly books: number;
  readonly sparse: number;
  /** X read and Y written once. */
  readonly vectors: number;
}

function bytesOf({ inFeatures: K, outFeatures: N, bits, share }: LayerSize, batch: number): Bytes {
  return {
    sixteen: 2 * N * K, codes: (N * K * bits) / 8, books: 2 * N * 2 ** bits,
    sparse: share === 0 ? 0 : 6 * share * N * K + 4 * (N + 1), vectors: 2 * batch * (K + N),
  };
}

/** One product of `batch` vectors. Two launches read X again, and read and write Y once more. */
export function trafficRows(size: LayerSize, batch: number): TrafficRow[] {
  const b = bytesOf(size, batch);
  const segments = (weights: number, codebooks: number, sparse: number, vectors: number): TrafficRow['segments'] =>
    [{ part: 'weights', bytes: weights }, { part: 'codebooks', bytes: codebooks }, { part: 'sparse', bytes: sparse }, { part: 'vectors', bytes: vectors }];
  const again = size.share === 0 ? 0 : 2 * batch * (size.inFeatures + 2 * size.outFeatures);
  return [
    { id: 'sixteen', label: '16-bit', segments: segments(b.sixteen, 0, 0, b.vectors), dispatches: 1 },
    { id: 'dense', label: 'Dense only', segments: segments(b.codes, b.books, 0, b.vectors), dispatches: 1 },
    { id: 'two', label: '+ sparse, two launches', segments: segments(b.codes, b.books, b.sparse, b.vectors + again), dispatches: size.share === 0 ? 1 : 2 },
    { id: 'one', label: '+ sparse, one launch', segments: segments(b.codes, b.books, b.sparse, b.vectors), dispatches: 1 },
  ];
}

export const bytesOfRow = (row: TrafficRow | undefined): number => (row?.segments ?? []).reduce((sum, s) => sum + s.bytes, 0);

/** What the sparse part adds to the bytes of the dense one, in one launch: 0.08 is 8 % more. */
export function sparseShareOfTraffic(rows: readonly TrafficRow[]): number {
  const of = (id: string): number => bytesOfRow(rows.find((row) => row.id === id));
  return of('one') / of('dense') - 1;
}

export function trafficOf(size: LayerSize, batch: number): Traffic[] {
  const paper = { ...size, inFeatures: PAPER_SIDE, outFeatures: PAPER_SIDE };
  const of = (s: LayerSize, b: number, note = ''): Traffic =>
    ({ title: `byte model, ${s.outFeatures} × ${s.inFeatures}, batch ${b}${note}`, rows: trafficRows(s, b) });
  return [of(paper, 1), ...(batch > 1 ? [of(paper, batch)] : []), of(size, batch, ' (this run)')];
}

/** What a device can do: FLOP/s and bytes/s. */
export interface Roofs {
  readonly flops: number;
  readonly bytes: number;
  readonly name: string;
}

/** The GPU of the paper's own estimate: 222 TFLOP/s (16-bit, tensor cores) and 768 GB/s. */
export const PAPER_GPU: Roofs = { flops: 222e12, bytes: 768e9, name: 'A5000, 222 TFLOP/s, 768 GB/s' };

export const roofsOf = ({ copy, fma }: Ceilings, label: string): Roofs =>
  ({ flops: fma.flopsPerSecond, bytes: copy.bytesPerSecond, name: `ceilings measured on ${label}` });

type Contender = 'sixteen' | 'dense' | 'one';

const CONTENDERS: readonly { readonly id: Contender; readonly method: string; readonly label: string; readonly slot: Sweep['series'][number]['slot'] }[] = [
  { id: 'sixteen', ...SIXTEEN_BITS },
  { id: 'dense', method: 'dense-only', label: 'Dense only', slot: METHODS['dense-only'].slot },
  { id: 'one', method: 'dense-and-sparse', ...METHODS['dense-and-sparse'] },
];

const flopsPerVector = ({ inFeatures: K, outFeatures: N, share }: LayerSize, id: Contender): number => 2 * N * K * (id === 'one' ? 1 + share : 1);

/** The later of multiplying and moving: t = max(FLOPs / peak, bytes / bandwidth). */
export function modelTime(size: LayerSize, id: Contender, batch: number, roofs: Roofs): number {
  const bytes = bytesOfRow(trafficRows(size, batch).find((row) => row.id === id));
  return Math.max((batch * flopsPerVector(size, id)) / roofs.flops, bytes / roofs.bytes);
}

/** The batch from which multiplying takes longer than moving. Infinity where moving a vector costs more than multiplying it. */
export function crossover(size: LayerSize, id: Contender, roofs: Roofs): number {
  const bytes = (batch: number): number => bytesOfRow(trafficRows(size, batch).find((row) => row.id === id)) / roofs.bytes;
  const perVector = bytes(1) - bytes(0);
  const gain = flopsPerVector(size, id) / roofs.flops - perVector;
  return gain > 0 ? bytes(0) / gain : Infinity;
}

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** Model time of one product against the batch, at 4096 × 4096 with this run's bits and sparse share. */
export function batchSweep(size: LayerSize, batch: number, roofs: Roofs): Sweep {
  const layer = { ...size, inFeatures: PAPER_SIDE, outFeatures: PAPER_SIDE };
  const corners = CONTENDERS.map(({ id }) => crossover(layer, id, roofs));
  const most = BATCHES[BATCHES.length - 1];
  const x = [...new Set([...BATCHES, batch, ...corners.filter((b) => b > 1 && b < most)])].sort((a, b) => a - b);
  return {
    id: 'batch', title: 'Time against batch', param: 'batch', measure: 'seconds', xLog: true, yLog: true,
    xLabel: 'batch B, vectors multiplied together', yLabel: 'modelled time of a product', x, current: batch,
    note: `model of a ${PAPER_SIDE} × ${PAPER_SIDE} layer on ${roofs.name}`,
    series: CONTENDERS.map(({ id, method, label, slot }) => ({ method, label, slot, y: x.map((b) => modelTime(layer, id, b, roofs)) })),
    marks: CONTENDERS.flatMap(({ method }, i) => (corners[i] > 1 && corners[i] < most ? [{ x: corners[i], label: `compute-bound from ${Math.ceil(corners[i])}`, method }] : [])),
    done: x.length, total: x.length,
  };
}
