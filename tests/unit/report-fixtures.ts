/** Models in memory for the tests of the report. */

import { createRng } from '../../kernels/rng';
import { ReferenceEngine } from '../../src/engine/reference';
import type { Model } from '../../src/inputs/model';
import { openModel } from '../../src/inputs/open-model';
import { writeSafetensors, type TensorToWrite } from '../../src/inputs/safetensors';
import { bytesSource } from '../../src/inputs/source';
import type { ReportControl, ReportEvent, ReportOptions, SkippedTensor, TensorReport } from '../../src/report/contract';
import { measureModel } from '../../src/report/measure';
import { DEFAULT_OPTIONS } from '../../src/report/options';

export const engine = new ReferenceEngine();

export const control = (more: Partial<ReportControl> = {}): ReportControl => ({ signal: new AbortController().signal, pause: () => Promise.resolve(), ...more });

export const modelOf = (tensors: readonly TensorToWrite[], name = 'model.safetensors', metadata: Record<string, string> = {}): Promise<Model> =>
  openModel([bytesSource(name, writeSafetensors(tensors, metadata))]);

/** Normal weights, about every hundredth of them ten times as large. */
export function heavy(rows: number, cols: number, seed: number, scale = 0.05): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: rows * cols }, () => scale * rng.normal() * (rng.uniform() < 0.01 ? 10 : 1));
}

export const f32 = (name: string, shape: readonly number[], data: ArrayLike<number>): TensorToWrite => ({ name, dtype: 'F32', shape, data });

export async function measured(model: Model, options: Partial<ReportOptions> = {}, more: Partial<ReportControl> = {}): Promise<{ reports: TensorReport[]; skipped: SkippedTensor[]; events: ReportEvent[] }> {
  const events: ReportEvent[] = [];
  for await (const event of measureModel(model, engine, { ...DEFAULT_OPTIONS, ...options }, control(more))) events.push(event);
  return {
    events,
    reports: events.flatMap((e) => (e.kind === 'tensor' ? [e.report] : [])),
    skipped: events.flatMap((e) => (e.kind === 'skipped' ? [e.skipped] : [])),
  };
}
