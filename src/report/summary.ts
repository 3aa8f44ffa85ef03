/** A model as a whole: its size, each method's error, and where in the depth of the network the error lies. */

import type { ReportMeasure, ReportMethodId, SkippedTensor, TensorReport } from './contract';
import { squaredNorm, weightsOf } from './mix';
import { depthOf, kindOf, type TensorKind } from './names';

export interface MethodSummary {
  readonly id: ReportMethodId;
  /** Mean over the weights of the tensors it was measured on. */
  readonly bitsPerWeight: number;
  /** Of the whole model with this method on every tensor it was measured on, and everything else as it is stored. */
  readonly bytes: number;
  /** √(Σ ‖Ŵ − W‖² / Σ ‖W‖²) over its tensors. */
  readonly relativeError: number;
  /** Mean of the tensors' relative errors. */
  readonly meanRelativeError: number;
  /** Tensors it was measured on. */
  readonly tensors: number;
}

export interface Part {
  readonly tensors: number;
  readonly weights: number;
  /** √(Σ ‖Ŵ − W‖² / Σ ‖W‖²) by method. */
  readonly errors: Readonly<Partial<Record<ReportMethodId, number>>>;
}

export interface Summary {
  readonly tensors: number;
  readonly skipped: number;
  readonly weights: number;
  /** As stored: tensors measured, and all. */
  readonly measuredBytes: number;
  readonly bytes: number;
  /** At the chosen bits, in the order of the options. */
  readonly methods: readonly MethodSummary[];
  /** Ascending; tensors whose name tells no depth are left out. */
  readonly byDepth: readonly (Part & { readonly depth: number })[];
  /** By what the name says a tensor does; most weights first. */
  readonly byKind: readonly (Part & { readonly kind: TensorKind })[];
}

export function summarise(reports: readonly TensorReport[], skipped: readonly SkippedTensor[] = []): Summary {
  const measuredBytes = sum(reports, (r) => r.bytes);
  const bytes = measuredBytes + sum(skipped, (s) => s.bytes);
  const ids = [...new Set(reports.flatMap((r) => r.methods.map((m) => m.id)))];
  return {
    tensors: reports.length, skipped: skipped.length, weights: sum(reports, weightsOf), measuredBytes, bytes,
    methods: ids.map((id) => methodSummary(id, reports, bytes)),
    byDepth: grouped(reports, (r) => depthOf(r.tensor)).map(([depth, part]) => ({ depth, ...part })).sort((a, b) => a.depth - b.depth),
    byKind: grouped(reports, (r) => kindOf(r.tensor)).map(([kind, part]) => ({ kind, ...part })).sort((a, b) => b.weights - a.weights),
  };
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number => items.reduce((total, item) => total + value(item), 0);

const measureOf = (report: TensorReport, id: ReportMethodId): ReportMeasure | undefined => report.methods.find((m) => m.id === id);

interface Tally {
  weights: number;
  bits: number;
  squares: number;
  norm: number;
  errors: number;
  stored: number;
  tensors: number;
}

function tally(id: ReportMethodId, reports: readonly TensorReport[]): Tally {
  const t: Tally = { weights: 0, bits: 0, squares: 0, norm: 0, errors: 0, stored: 0, tensors: 0 };
  for (const report of reports) {
    const measure = measureOf(report, id);
    if (!measure) continue;
    const norm = squaredNorm(report);
    t.tensors++;
    t.weights += weightsOf(report);
    t.bits += measure.bitsPerWeight * weightsOf(report);
    t.squares += measure.relativeError ** 2 * norm;
    t.norm += norm;
    t.errors += measure.relativeError;
    t.stored += report.bytes;
  }
  return t;
}

const relative = ({ squares, norm }: Tally): number => (norm === 0 ? 0 : Math.sqrt(squares / norm));

function methodSummary(id: ReportMethodId, reports: readonly TensorReport[], bytes: number): MethodSummary {
  const t = tally(id, reports);
  return {
    id, bitsPerWeight: t.weights === 0 ? 0 : t.bits / t.weights, bytes: Math.ceil(bytes - t.stored + t.bits / 8),
    relativeError: relative(t), meanRelativeError: t.tensors === 0 ? 0 : t.errors / t.tensors, tensors: t.tensors,
  };
}

function grouped<K>(reports: readonly TensorReport[], keyOf: (report: TensorReport) => K | undefined): [K, Part][] {
  const groups = new Map<K, TensorReport[]>();
  for (const report of reports) {
    const key = keyOf(report);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(report);
    else groups.set(key, [report]);
  }
  return [...groups].map(([key, group]) => {
    const ids = [...new Set(group.flatMap((r) => r.methods.map((m) => m.id)))];
    return [key, { tensors: group.length, weights: sum(group, weightsOf), errors: Object.fromEntries(ids.map((id) => [id, relative(tally(id, group))])) }];
  });
}
