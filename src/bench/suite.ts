/** Times kernels on an engine against their oracle and, where given, against rivals. Runs in a page and in Node. */

import { copy } from '../../kernels/copy/copy';
import type { AnyKernel, Data } from '../../kernels/define';
import { fma } from '../../kernels/fma/fma';
import { caseInputs } from '../engine/cases';
import { compareOutputs } from '../engine/compare';
import type { Engine } from '../engine/engine';
import { contendersOf, type Contender, type Rival } from './contenders';
import { measureDensity } from './density';
import { race } from './race';
import type { BenchReport, BenchRow, Spread } from './report';
import { benchCase } from './shapes';

export interface SuiteOptions {
  readonly host: BenchReport['host'];
  readonly rounds?: number;
  readonly rivals?: readonly Rival[];
  readonly notes?: readonly string[];
  readonly progress?: (line: string) => void;
}

/** Kernels whose time is to follow the pairs they look at. */
const SPARSE: readonly string[] = ['attention_blocks', 'attention_masked'];

export async function runSuite(engine: Engine, kernels: readonly AnyKernel[], options: SuiteOptions): Promise<BenchReport> {
  const { host, rounds = 7, rivals = [], notes = [], progress = () => {} } = options;
  progress('ceilings');
  const before = await measureCeilings(engine);
  const rows: BenchRow[] = [];
  for (const kernel of kernels) {
    progress(kernel.name);
    rows.push(...(await raceKernel(engine, kernel, rivals, rounds)));
  }
  const sparse = kernels.some(({ name }) => SPARSE.includes(name));
  if (sparse) progress('density');
  const density = sparse ? await measureDensity(engine) : undefined;
  const after = await measureCeilings(engine);
  // A machine that was busy at one end must not lower its own ceiling.
  const ceilings = {
    bytesPerSecond: Math.max(before.bytesPerSecond, after.bytesPerSecond, ...rows.filter(({ kernel }) => kernel === 'copy').map(bytesOf)),
    flopsPerSecond: Math.max(before.flopsPerSecond, after.flopsPerSecond, ...rows.filter(({ kernel }) => kernel === 'fma').map(flopsOf)),
  };
  return { host, ceilings, rows: rows.map((row) => withShare(row, ceilings)), density, notes: [...rivals.map(({ label }) => label), ...notes], device: engine.device };
}

const bytesOf = (row: BenchRow): number => (row.kind === 'variant' ? (row.bytesPerSecond ?? 0) : 0);
const flopsOf = (row: BenchRow): number => (row.kind === 'variant' ? (row.flopsPerSecond ?? 0) : 0);

async function measureCeilings(engine: Engine): Promise<BenchReport['ceilings']> {
  const rate = async (kernel: AnyKernel, of: 'bytes' | 'flops'): Promise<number> => {
    const entry = benchCase(kernel, engine.device.software);
    const { median } = await engine.measure(kernel, caseInputs(kernel, entry), entry.dims, { budget: 0.2 });
    return kernel.cost(entry.dims)[of] / median;
  };
  return { bytesPerSecond: await rate(copy, 'bytes'), flopsPerSecond: await rate(fma, 'flops') };
}

/** The least time that the ceilings allow for the row's FLOPs and bytes, as a share of the time it took. */
function withShare(row: BenchRow, ceilings: BenchReport['ceilings']): BenchRow {
  if (row.kind !== 'variant' || !row.time) return row;
  return { ...row, rooflineShare: Math.max(flopsOf(row) / ceilings.flopsPerSecond, bytesOf(row) / ceilings.bytesPerSecond) };
}

async function raceKernel(engine: Engine, kernel: AnyKernel, rivals: readonly Rival[], rounds: number): Promise<BenchRow[]> {
  const entry = benchCase(kernel, engine.device.software);
  const { dims, scalars = {} } = entry;
  const inputs = caseInputs(kernel, entry);
  const oracle = kernel.reference({ ...inputs }, dims, scalars);

  const contenders = await contendersOf(engine, { kernel, dims, scalars, inputs }, rivals);
  const checked = [];
  for (const contender of contenders) checked.push({ contender, ...(await check(kernel, contender, oracle)) });
  const running = checked.filter(({ correct }) => correct);
  const spreads = await race(running.map(({ contender }) => contender), rounds);
  for (const { contender } of checked) contender.dispose?.();

  const cost = kernel.cost(dims);
  const rows = checked.map(({ contender, correct, detail }): BenchRow => {
    const spread = spreads[running.findIndex((other) => other.contender === contender)];
    const row = { kernel: kernel.name, dims, contender: contender.label, kind: contender.kind, clock: contender.clock(), correct };
    if (!spread || spread instanceof Error) return { ...row, check: spread ? `${detail}; ${spread.message}` : detail };
    return { ...row, check: detail, ...figures(spread, cost) };
  });
  return withRatios(rows);
}

function figures(time: Spread, cost: { flops: number; bytes: number }): Partial<BenchRow> {
  return {
    time,
    flopsPerSecond: cost.flops > 0 ? cost.flops / time.median : undefined,
    bytesPerSecond: cost.bytes / time.median,
  };
}

function withRatios(rows: readonly BenchRow[]): BenchRow[] {
  const rivals = rows.filter(({ kind, time }) => kind === 'rival' && time);
  return rows.map((row) => {
    const { time } = row;
    if (!time || row.kind !== 'variant' || row.clock !== 'queue') return row;
    return { ...row, rivals: Object.fromEntries(rivals.map((rival) => [rival.contender, (rival.time?.median ?? Number.NaN) / time.median])) };
  });
}

async function check(kernel: AnyKernel, contender: Contender, oracle: Record<string, Data>): Promise<{ correct: boolean; detail: string }> {
  try {
    const out = await contender.compute();
    const verdicts = Object.entries(compareOutputs(givenOnly(withTieShare(kernel, oracle), contender, out), out, oracle));
    const named = verdicts.length > 1;
    return { correct: verdicts.every(([, { ok }]) => ok), detail: verdicts.map(([name, { detail }]) => (named ? `${name}: ${detail}` : detail)).join('; ') };
  } catch (error) {
    return { correct: false, detail: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A library may give the main output alone, where a kernel of ours gives more. */
function givenOnly(kernel: AnyKernel, { kind }: Contender, out: Readonly<Record<string, Data>>): AnyKernel {
  const given = Object.entries(kernel.outputSpecs).filter(([name]) => name in out);
  return kind === 'rival' && given.length > 0 ? { ...kernel, outputSpecs: Object.fromEntries(given) } : kernel;
}

/** A case table bounds the ties of small cases by a count; among millions of codes a share of one in 100 000 is as strict. */
function withTieShare(kernel: AnyKernel, oracle: Readonly<Record<string, Data>>): AnyKernel {
  const compare = Object.fromEntries(
    Object.entries(kernel.compare).map(([name, rule]) => [name, rule.kind === 'codes' ? { ...rule, maxTies: Math.max(rule.maxTies, (8 * oracle[name].length) / 1e5) } : rule]),
  );
  return { ...kernel, compare };
}
