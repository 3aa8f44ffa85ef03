/** Times kernels on an engine against their oracle and, where given, against rivals. Runs in a page and in Node. */

import type { AnyKernel, Data, Dims, Kernel } from '../../kernels/define';
import { evalShape } from '../../kernels/shape';
import { caseInputs } from '../engine/cases';
import { compareOutputs } from '../engine/compare';
import type { Ceilings, Engine, Timing } from '../engine/engine';
import { race, wallSampler, type Racer } from './race';
import type { BenchReport, BenchRow, Clock, Spread } from './report';
import { benchCase } from './shapes';

export interface Operands {
  readonly kernel: AnyKernel;
  readonly dims: Dims;
  readonly inputs: Readonly<Record<string, Data>>;
}

/** A library that computes the same, on its own device. */
export interface Rival {
  readonly label: string;
  /** Undefined when it has no counterpart of this kernel. */
  readonly prepare: (operands: Operands) => Promise<RivalOperation | undefined>;
}

export interface RivalOperation {
  /** The outputs, for the check. */
  readonly compute: () => Promise<Record<string, Data>>;
  /** Enqueues `inner` operations and resolves when the device has done them. */
  readonly batch: (inner: number) => Promise<void>;
  readonly dispose: () => void;
}

export interface SuiteOptions {
  readonly host: BenchReport['host'];
  readonly rounds?: number;
  readonly rivals?: readonly Rival[];
  readonly notes?: readonly string[];
  readonly progress?: (line: string) => void;
}

interface Contender extends Racer {
  readonly label: string;
  readonly kind: BenchRow['kind'];
  readonly clock: () => Clock;
  readonly compute: () => Promise<Record<string, Data>>;
  readonly dispose?: () => void;
}

/** Seconds that a batch of the queue clock lasts at least. */
const BATCH = 0.1;

export async function runSuite(engine: Engine, kernels: readonly AnyKernel[], options: SuiteOptions): Promise<BenchReport> {
  const { host, rounds = 7, rivals = [], notes = [], progress = () => {} } = options;
  progress('ceilings');
  const ceilings = await engine.ceilings();
  const rows: BenchRow[] = [];
  for (const kernel of kernels) {
    progress(kernel.name);
    rows.push(...(await raceKernel(engine, kernel, rivals, rounds, ceilings)));
  }
  return {
    host, rows, notes: [...rivals.map(({ label }) => label), ...notes], device: engine.device,
    ceilings: { bytesPerSecond: ceilings.copy.bytesPerSecond, flopsPerSecond: ceilings.fma.flopsPerSecond },
  };
}

async function raceKernel(engine: Engine, kernel: AnyKernel, rivals: readonly Rival[], rounds: number, ceilings: Ceilings): Promise<BenchRow[]> {
  const entry = benchCase(kernel, engine.device.software || engine.kind === 'reference');
  const { dims, scalars = {} } = entry;
  const inputs = caseInputs(kernel, entry);
  const oracle = kernel.reference({ ...inputs }, dims, scalars);

  const contenders: Contender[] = engine.kind === 'reference' ? [] : engine.variantsFor(kernel, dims).map((variant) => variantContender(engine, kernel, inputs, dims, scalars, variant));
  for (const rival of rivals) {
    const operation = await rival.prepare({ kernel, dims, inputs }).catch(failing);
    if (!operation) continue;
    contenders.push({ label: rival.label, kind: 'rival', clock: () => 'queue', compute: operation.compute, sample: wallSampler(operation.batch, BATCH), dispose: operation.dispose });
  }
  if (contenders.some(({ kind }) => kind === 'rival')) {
    for (const variant of engine.variantsFor(kernel, dims)) contenders.push(queueContender(engine, kernel, inputs, dims, scalars, variant));
  }
  contenders.push(referenceContender(kernel, inputs, dims, scalars));

  const checked = [];
  for (const contender of contenders) checked.push({ contender, ...(await check(kernel, contender, oracle)) });
  const running = checked.filter(({ correct }) => correct);
  const spreads = await race(running.map(({ contender }) => contender), rounds);
  for (const { contender } of checked) contender.dispose?.();

  const cost = kernel.cost(dims);
  const least = Math.max(cost.flops / ceilings.fma.flopsPerSecond, cost.bytes / ceilings.copy.bytesPerSecond);
  const rows = checked.map(({ contender, correct, detail }): BenchRow => {
    const spread = spreads[running.findIndex((other) => other.contender === contender)];
    const row = { kernel: kernel.name, dims, contender: contender.label, kind: contender.kind, clock: contender.clock(), correct };
    if (!spread || spread instanceof Error) return { ...row, check: spread ? `${detail}; ${spread.message}` : detail };
    return { ...row, check: detail, ...figures(spread, cost, contender.kind === 'variant' ? least : undefined) };
  });
  return withRatios(rows);
}

function figures(time: Spread, cost: { flops: number; bytes: number }, least: number | undefined): Partial<BenchRow> {
  return {
    time,
    flopsPerSecond: cost.flops > 0 ? cost.flops / time.median : undefined,
    bytesPerSecond: cost.bytes / time.median,
    rooflineShare: least === undefined ? undefined : least / time.median,
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
    const verdicts = Object.entries(compareOutputs(withTieShare(kernel, oracle), await contender.compute(), oracle));
    const named = verdicts.length > 1;
    return { correct: verdicts.every(([, { ok }]) => ok), detail: verdicts.map(([name, { detail }]) => (named ? `${name}: ${detail}` : detail)).join('; ') };
  } catch (error) {
    return { correct: false, detail: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A case table bounds the ties of small cases by a count; among millions of codes a share of one in 100 000 is as strict. */
function withTieShare(kernel: AnyKernel, oracle: Readonly<Record<string, Data>>): AnyKernel {
  const compare = Object.fromEntries(
    Object.entries(kernel.compare).map(([name, rule]) => [name, rule.kind === 'codes' ? { ...rule, maxTies: Math.max(rule.maxTies, (8 * oracle[name].length) / 1e5) } : rule]),
  );
  return { ...kernel, compare };
}

type Scalars = Readonly<Record<string, number>>;

function variantContender(engine: Engine, kernel: AnyKernel, inputs: Operands['inputs'], dims: Dims, scalars: Scalars, variant: string): Contender {
  let method: Timing['method'] = 'wall';
  return {
    label: variant,
    kind: 'variant',
    clock: () => method,
    compute: () => engine.runOnce(kernel, inputs, dims, { variant, scalars }),
    async sample() {
      const timing = await engine.measure(kernel, inputs, dims, { variant, scalars, budget: 0.05 });
      ({ method } = timing);
      return timing.median;
    },
  };
}

/** The same variant on the rivals' clock: launches recorded one after another, then one wait for the device. */
function queueContender(engine: Engine, kernel: AnyKernel, inputs: Operands['inputs'], dims: Dims, scalars: Scalars, variant: string): Contender {
  const scope = engine.scope();
  const uploaded = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, scope.upload(data, shapeOf(kernel, name, dims))]));
  const precise = kernel as unknown as Kernel; // the same object, under the contract's other type
  const mark = scope.upload(new Float32Array(1), [1]);
  return {
    label: `${variant} (queue)`,
    kind: 'variant',
    clock: () => 'queue',
    compute: () => engine.runOnce(kernel, inputs, dims, { variant, scalars }),
    sample: wallSampler(async (inner) => {
      for (let i = 0; i < inner; i++) {
        const outputs = scope.run(precise, uploaded, { dims, scalars, variant });
        for (const output of Object.values(outputs)) scope.free(output);
      }
      await scope.read(mark); // four bytes, behind everything recorded
    }, BATCH),
    dispose: () => scope.dispose(),
  };
}

const shapeOf = (kernel: AnyKernel, input: string, dims: Dims): number[] => evalShape(kernel.inputSpecs[input], dims);

function referenceContender(kernel: AnyKernel, inputs: Operands['inputs'], dims: Dims, scalars: Scalars): Contender {
  const run = (): Record<string, Data> => kernel.reference({ ...inputs }, dims, scalars);
  return {
    label: 'reference, TypeScript',
    kind: 'reference',
    clock: () => 'cpu',
    compute: () => Promise.resolve(run()),
    sample: wallSampler(async (inner) => {
      for (let i = 0; i < inner; i++) run();
    }, 0.02),
  };
}

/** Stands in for a rival that could not be set up, so that its row says why. */
function failing(error: unknown): RivalOperation {
  const fail = async (): Promise<never> => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  return { compute: fail, batch: fail, dispose: () => {} };
}
