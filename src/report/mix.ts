/**
 * Mixed precision: which method and width for each tensor, so that the model's error is least under an average of bits
 * per weight. A multiple-choice knapsack: exact by merging Pareto fronts while they stay small, else by the convex
 * hulls of the tensors' own trade-offs (Lagrange) and a greedy fill of what is left of the budget.
 */

import { copiedDtype } from './dtypes';
import type { Choice, ReportMeasure, ReportMethodId, TensorReport } from './contract';

export interface MixOptions {
  /** 'total': Σ ‖Ŵ − W‖² over the model. 'relative': each tensor's error relative to its own size, so that small weights count as much as large ones. */
  readonly objective?: 'total' | 'relative';
  /** Only these methods. */
  readonly methods?: readonly ReportMethodId[];
  /** Also offer to leave a tensor as it is stored (default true), where an exported file can hold that. */
  readonly keep?: boolean;
}

export interface Mix {
  /** By tensor. */
  readonly choices: Readonly<Record<string, Choice>>;
  /** Mean over all weights of the tensors given. */
  readonly bitsPerWeight: number;
  /** Of these tensors, rounded up to whole bytes. */
  readonly bytes: number;
  /** √(Σ ‖Ŵ − W‖² / Σ ‖W‖²) */
  readonly relativeError: number;
  /** No other choice has less error within the budget. Otherwise the error is at most that of the next cheaper point of the trade-off. */
  readonly optimal: boolean;
}

export interface TradeoffPoint {
  readonly bitsPerWeight: number;
  /** As in Mix. */
  readonly relativeError: number;
}

interface Option {
  readonly choice: Choice;
  /** Of the whole tensor. */
  readonly bits: number;
  /** What is minimised. */
  readonly cost: number;
  /** ‖Ŵ − W‖² */
  readonly squares: number;
}

export const weightsOf = ({ matrix: [rows, cols] }: TensorReport): number => rows * cols;

/** ‖W‖² of the whole tensor; of a sample, scaled to all rows. */
export const squaredNorm = (r: TensorReport): number => weightsOf(r) * (r.stats.std ** 2 + r.stats.mean ** 2);

/** The method of least error within `budget` bits per weight: what a row of the table marks. */
export function bestUnder(report: TensorReport, budget: number): ReportMeasure | undefined {
  let best: ReportMeasure | undefined;
  for (const m of [...report.methods, ...report.others]) {
    if (m.bitsPerWeight > budget + SLACK) continue;
    if (!best || m.relativeError < best.relativeError || (m.relativeError === best.relativeError && m.bitsPerWeight < best.bitsPerWeight)) best = m;
  }
  return best;
}

/** Bits per weight that rounding of sums may cost. */
const SLACK = 1e-9;

/** Options of one tensor that nothing beats in both bits and cost, cheapest first. */
function optionsOf(report: TensorReport, { objective = 'total', methods, keep = true }: MixOptions): Option[] {
  const weights = weightsOf(report);
  const norm = squaredNorm(report);
  const all = [...report.methods, ...report.others].filter((m) => methods?.includes(m.id) ?? true).map((m): Option => {
    const squares = m.relativeError ** 2 * norm;
    return { choice: { id: m.id, bits: m.bits }, bits: m.bitsPerWeight * weights, squares, cost: objective === 'total' ? squares : m.relativeError ** 2 };
  });
  const stored = (8 * report.bytes) / weights;
  if (keep && copiedDtype(report.dtype)) all.push({ choice: { id: 'keep', bits: stored }, bits: 8 * report.bytes, squares: 0, cost: 0 });
  return front(all);
}

function front<T extends { readonly bits: number; readonly cost: number }>(items: T[]): T[] {
  items.sort((a, b) => a.bits - b.bits || a.cost - b.cost);
  const kept: T[] = [];
  for (const item of items) if (kept.length === 0 || item.cost < kept[kept.length - 1].cost) kept.push(item);
  return kept;
}

interface Plan {
  readonly chosen: readonly Option[];
  readonly optimal: boolean;
}

/**
 * @param reports tensors with at least one measure each; others are left out
 * @param budget average bits per weight over these tensors
 * @returns undefined where even the cheapest choice of each tensor takes more than the budget
 */
export function suggestMix(reports: readonly TensorReport[], budget: number, options: MixOptions = {}): Mix | undefined {
  const tables = tablesOf(reports, options);
  if (tables.length === 0) return undefined;
  const capacity = tables.reduce((sum, { report }) => sum + weightsOf(report), 0) * (budget + SLACK);
  const lists = tables.map((t) => t.list);
  if (lists.reduce((sum, [cheapest]) => sum + cheapest.bits, 0) > capacity) return undefined;
  const plan = exactly(lists, capacity) ?? greedily(lists, capacity);
  return mixOf(tables.map((t) => t.report), plan);
}

const tablesOf = (reports: readonly TensorReport[], options: MixOptions): { report: TensorReport; list: Option[] }[] =>
  reports.map((report) => ({ report, list: optionsOf(report, options) })).filter(({ list }) => list.length > 0);

function mixOf(reports: readonly TensorReport[], { chosen, optimal }: Plan): Mix {
  let [weights, norm, bits, squares] = [0, 0, 0, 0];
  for (const [i, report] of reports.entries()) {
    weights += weightsOf(report);
    norm += squaredNorm(report);
    bits += chosen[i].bits;
    squares += chosen[i].squares;
  }
  return {
    choices: Object.fromEntries(reports.map((r, i) => [r.tensor, chosen[i].choice])),
    bitsPerWeight: bits / weights, bytes: Math.ceil(bits / 8), relativeError: norm === 0 ? 0 : Math.sqrt(squares / norm), optimal,
  };
}

/** The exact way is given up beyond this many points of a front, or states in all: a slider waits for it. */
const MAX_FRONT = 4000;
const MAX_STATES = 40_000;
/** Beyond so many tensors the fronts always grow too large. */
const MAX_TENSORS = 24;
/** Swaps after the greedy choice: each gains less than the one before. */
const MAX_SWAPS = 100;

interface State {
  readonly bits: number;
  readonly cost: number;
  readonly option: number;
  readonly before?: State;
}

/** Dynamic programming over the Pareto fronts of ever more tensors; undefined where a front grows too large. */
function exactly(lists: readonly Option[][], capacity: number): Plan | undefined {
  if (lists.length > MAX_TENSORS) return undefined;
  // What the tensors to come take at least: states that leave them less are dropped.
  const least = lists.map(([cheapest]) => cheapest.bits);
  let rest = least.reduce((a, b) => a + b, 0);
  let states: State[] = [{ bits: 0, cost: 0, option: -1 }];
  let made = 0;
  for (const [i, list] of lists.entries()) {
    rest -= least[i];
    made += states.length * list.length;
    if (made > MAX_STATES) return undefined;
    const merged = states.flatMap((before) => list.map((o, option): State => ({ bits: before.bits + o.bits, cost: before.cost + o.cost, option, before })));
    states = front(merged.filter((s) => s.bits + rest <= capacity));
    if (states.length > MAX_FRONT) return undefined;
  }
  const chosen: Option[] = [];
  let state = states.at(-1); // the front's last has the least cost
  for (let i = lists.length - 1; i >= 0; i--) {
    if (!state) return undefined;
    chosen.unshift(lists[i][state.option]);
    state = state.before;
  }
  return { chosen, optimal: true };
}

interface Step {
  readonly tensor: number;
  /** Index in the tensor's hull. */
  readonly to: number;
  readonly bits: number;
  readonly saved: number;
}

/** The lower convex hull of a front: only its corners can be best for a price of bits. */
function hull(list: readonly Option[]): Option[] {
  const kept: Option[] = [];
  for (const o of list) {
    while (kept.length > 1) {
      const [a, b] = [kept[kept.length - 2], kept[kept.length - 1]];
      if ((a.cost - b.cost) * (o.bits - b.bits) > (b.cost - o.cost) * (b.bits - a.bits)) break;
      kept.pop();
    }
    kept.push(o);
  }
  return kept;
}

/** Every step along every hull, the one that saves most per bit first: the order in which a falling price takes them. */
function steps(hulls: readonly Option[][]): Step[] {
  const all = hulls.flatMap((list, tensor) => list.slice(1).map((o, i): Step => ({ tensor, to: i + 1, bits: o.bits - list[i].bits, saved: list[i].cost - o.cost })));
  return all.sort((a, b) => b.saved / b.bits - a.saved / a.bits || a.tensor - b.tensor || a.to - b.to);
}

function greedily(lists: readonly Option[][], capacity: number): Plan {
  const hulls = lists.map(hull);
  const chosen = hulls.map(([first]) => first);
  let used = chosen.reduce((sum, o) => sum + o.bits, 0);
  let all = true;
  const stopped = new Set<number>();
  for (const { tensor, to, bits } of steps(hulls)) {
    if (stopped.has(tensor)) continue;
    if (used + bits > capacity) {
      all = false;
      stopped.add(tensor); // a later step of this tensor needs this one first
      continue;
    }
    used += bits;
    chosen[tensor] = hulls[tensor][to];
  }
  used = fill(lists, chosen, used, capacity);
  return { chosen, optimal: all };
}

/** Spends what is left: options off the hulls, the greatest gain first, while any fits. */
function fill(lists: readonly Option[][], chosen: Option[], used: number, capacity: number): number {
  for (let swaps = 0; swaps < MAX_SWAPS; swaps++) {
    let best: { tensor: number; option: Option; saved: number } | undefined;
    for (const [tensor, list] of lists.entries()) {
      for (const option of list) {
        const saved = chosen[tensor].cost - option.cost;
        if (saved > (best?.saved ?? 0) && used + option.bits - chosen[tensor].bits <= capacity) best = { tensor, option, saved };
      }
    }
    if (!best) return used;
    used += best.option.bits - chosen[best.tensor].bits;
    chosen[best.tensor] = best.option;
  }
  return used;
}

/** The corners of the whole model's trade-off, bits ascending: each is the least error at its bits. */
export function tradeoff(reports: readonly TensorReport[], options: MixOptions = {}): TradeoffPoint[] {
  const tables = tablesOf(reports, options);
  const hulls = tables.map((t) => hull(t.list));
  const chosen = hulls.map(([first]) => first);
  const weights = tables.reduce((sum, { report }) => sum + weightsOf(report), 0);
  const norm = tables.reduce((sum, { report }) => sum + squaredNorm(report), 0);
  if (chosen.length === 0) return [];
  const taken = steps(hulls).map(({ tensor, to }) => {
    const [from, next] = [chosen[tensor], hulls[tensor][to]];
    chosen[tensor] = next;
    return { bits: next.bits - from.bits, squares: from.squares - next.squares };
  });
  // Summed from the end, where the errors are small: differences of large sums would drown them.
  let bits = chosen.reduce((sum, o) => sum + o.bits, 0);
  let squares = chosen.reduce((sum, o) => sum + o.squares, 0);
  const point = (): TradeoffPoint => ({ bitsPerWeight: bits / weights, relativeError: norm === 0 ? 0 : Math.sqrt(Math.max(0, squares) / norm) });
  const curve = [point()];
  for (const step of taken.reverse()) {
    bits -= step.bits;
    squares += step.squares;
    curve.push(point());
  }
  return curve.reverse();
}
