/**
 * Bytes that one quantized layer moves, with and without the branch: a model, not a time. 16-bit activations, packed
 * codes, group scales; the separate branch reads X again and adds into the output in place, the fused one keeps
 * X L₁ in 32 bits (spec of nunchaku kernels/zgemm gemm_w4a4, lora).
 */

import { formatBits } from '../../quant/bits';
import { groupSize, type Format } from '../../quant/format';
import type { Traffic, TrafficRow } from '../../run/run';

export interface LayerSize {
  readonly tokens: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly rank: number;
}

/** The layer of the worked example: FLUX's width, 4096 tokens. */
export const PAPER_LAYER: LayerSize = { tokens: 4096, inFeatures: 3072, outFeatures: 3072, rank: 32 };

export function trafficRows({ tokens: T, inFeatures: K, outFeatures: N, rank: r }: LayerSize, format: Format): TrafficRow[] {
  const scaleBytes = format.kind === 'int4' ? 2 : 1;
  const rounded = (T * K) / 2 + scaleBytes * T * Math.ceil(K / groupSize(format, K));
  const quantize = 2 * T * K + rounded;
  const multiply = rounded + (K * N * formatBits(format, N, K)) / 8 + 2 * T * N;
  const separate = 2 * T * K + 2 * K * r + 2 * T * r + (2 * T * r + 2 * r * N + 4 * T * N);
  const fused = 2 * K * r + 2 * r * N + 4 * T * r + 4 * T * r;
  const base = [{ part: 'quantize', bytes: quantize }, { part: 'multiply', bytes: multiply }];
  const branch = (bytes: number) => [...base, { part: 'branch', bytes: r === 0 ? 0 : bytes }];
  return [
    { id: 'base', label: '4-bit layer', segments: base, dispatches: 2 },
    { id: 'separate', label: '+ branch, separate', segments: branch(separate), dispatches: r === 0 ? 2 : 4 },
    { id: 'fused', label: '+ branch, fused', segments: branch(fused), dispatches: 2 },
  ];
}

const sizes = (s: LayerSize): string => `${s.tokens} tokens, ${s.inFeatures} × ${s.outFeatures}, rank ${s.rank}`;

export const trafficOf = (size: LayerSize, format: Format): Traffic[] => [
  { title: `byte model, ${sizes(PAPER_LAYER)}`, rows: trafficRows(PAPER_LAYER, format) },
  { title: `byte model, ${sizes(size)} (this run)`, rows: trafficRows(size, format) },
];

/** What the branch adds to the traffic of the 4-bit layer: 1.11 is 111 % more. */
export function branchShare(rows: readonly TrafficRow[], id: 'separate' | 'fused'): number {
  const bytes = (row: TrafficRow | undefined): number => (row?.segments ?? []).reduce((sum, s) => sum + s.bytes, 0);
  const base = bytes(rows.find((r) => r.id === 'base'));
  return bytes(rows.find((r) => r.id === id)) / base - 1;
}
