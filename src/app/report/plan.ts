/** Which tensor is to be stored how: the suggested mix, or one method for all. */

import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Choice, ReportMeasure, ReportMethodId, TensorReport } from '../../report/contract';
import { squaredNorm, suggestMix, tradeoff, weightsOf } from '../../report/mix';
import { useReport } from './store';

export interface Plan {
  readonly choices: Readonly<Record<string, Choice>>;
  readonly bitsPerWeight: number;
  /** Bytes of the measured tensors, stored so. */
  readonly bytes: number;
  /** ‖Ŵ − W‖ / ‖W‖ over all of them. */
  readonly relativeError: number;
  readonly optimal?: boolean;
}

export type PlanId = 'mix' | `${ReportMethodId} ${number}`;

const measuresOf = ({ methods, others }: TensorReport): readonly ReportMeasure[] => [...methods, ...others];

/** Methods and widths that every measured tensor has: those that can stand for all. */
export function singles(reports: readonly TensorReport[]): readonly { readonly id: ReportMethodId; readonly bits: number }[] {
  if (reports.length === 0) return [];
  const counts = new Map<PlanId, number>();
  for (const report of reports) for (const { id, bits } of measuresOf(report)) counts.set(`${id} ${bits}`, (counts.get(`${id} ${bits}`) ?? 0) + 1);
  return measuresOf(reports[0]).filter(({ id, bits }) => counts.get(`${id} ${bits}`) === reports.length).map(({ id, bits }) => ({ id, bits }));
}

/** The whole model by one method. */
export function planFor(reports: readonly TensorReport[], id: ReportMethodId, bits: number): Plan {
  let [weights, stored, error, squares] = [0, 0, 0, 0];
  for (const report of reports) {
    const m = measuresOf(report).find((one) => one.id === id && one.bits === bits);
    if (!m) continue;
    const n = weightsOf(report);
    weights += n;
    stored += (n * m.bitsPerWeight) / 8;
    error += m.relativeError ** 2 * squaredNorm(report);
    squares += squaredNorm(report);
  }
  return {
    choices: Object.fromEntries(reports.map(({ tensor }) => [tensor, { id, bits }])),
    bitsPerWeight: weights > 0 ? (8 * stored) / weights : 0,
    bytes: stored,
    relativeError: squares > 0 ? Math.sqrt(error / squares) : 0,
  };
}

/** While tensors come in, what they add up to is told less often than the rows, the more of them the less, milliseconds. */
const pace = (tensors: number): number => Math.min(5000, 400 + 5 * tensors);

function usePaced(): ReadonlyMap<string, TensorReport> {
  const reports = useReport((report) => report.reports);
  const working = useReport((report) => report.phase === 'measuring');
  const [paced, setPaced] = useState(reports);
  const [due, setDue] = useState(0);
  useEffect(() => {
    if (paced === reports) return undefined;
    // Another file, or the end of the work: at once.
    const wait = working && reports.size > paced.size && paced.size > 0 ? Math.max(0, due - performance.now()) : 0;
    const timer = setTimeout(() => { setPaced(reports); setDue(performance.now() + pace(reports.size)); }, wait);
    return () => clearTimeout(timer);
  }, [reports, paced, working, due]);
  return useDeferredValue(paced);
}

const NOTHING: Plan = { choices: {}, bitsPerWeight: 0, bytes: 0, relativeError: 0 };

/** The mix for the budget and its curve, of what is measured so far. */
export function useMix(): { readonly mix: Plan; readonly curve: readonly { readonly bitsPerWeight: number; readonly relativeError: number }[]; readonly reports: readonly TensorReport[] } {
  const measured = usePaced();
  const budget = useDeferredValue(useReport((report) => report.params.budget));
  const objective = useReport((report) => report.objective);
  const reports = useMemo(() => [...measured.values()], [measured]);
  const curve = useMemo(() => tradeoff(reports, { objective }), [reports, objective]);
  // Where nothing fits the budget: the least that can be had.
  const mix = useMemo(
    () => suggestMix(reports, budget, { objective }) ?? (curve.length > 0 ? suggestMix(reports, curve[0].bitsPerWeight, { objective }) : undefined) ?? NOTHING,
    [reports, budget, objective, curve],
  );
  return { mix, curve, reports };
}
