/** One race of ours against the libraries, on the same numbers and one clock. */

import type { Data } from '../../kernels/define';
import type { Engine } from '../engine/engine';
import { openOwn, type OpenedOwn, type Own, type Traffic } from './own';
import { race, ratioOf, wallSampler } from './race';
import type { BenchRow, Spread } from './report';
import type { Rival } from './rivals/rival';
import { BOUNDS, type Task, type Verdict } from './tasks';

export interface Contest {
  readonly id: string;
  readonly work: string;
  readonly shape: string;
  readonly own: readonly Own[];
  /** What the libraries compute; absent where none of them can. */
  readonly task?: Task;
  /** The verdict on a library's output. */
  readonly judge?: (output: Data, bound: number) => Verdict;
}

export interface Entrant {
  readonly label: string;
  readonly kind: 'variant' | 'rival';
  /** Of ours: its id. Of a rival: the library's. */
  readonly id: string;
  /** Of a rival with several ways: which. */
  readonly way: string;
  readonly verdict: Verdict;
  readonly first?: number;
  readonly time?: Spread;
  readonly traffic?: Traffic;
  readonly own?: Own;
}

export interface ContestOptions {
  readonly rounds: number;
  readonly signal?: AbortSignal;
  readonly onTurn?: (share: number) => void;
}

/** Seconds that a batch lasts at least. */
const BATCH = 0.1;

interface Opened extends Omit<Entrant, 'verdict' | 'traffic'> {
  readonly bound: number;
  readonly compute: () => Promise<Data>;
  readonly batch: (inner: number) => Promise<void>;
  readonly dispose: () => void;
  readonly opened?: OpenedOwn;
}

/** @throws the signal's reason */
export async function runContest(engine: Engine, contest: Contest, rivals: readonly Rival[], { rounds, signal, onTurn }: ContestOptions): Promise<Entrant[]> {
  const opened: Opened[] = [];
  try {
    for (const own of contest.own) {
      const ours = openOwn(engine, own);
      opened.push({ label: own.kernels, kind: 'variant', id: own.id, way: '', bound: 0, own, opened: ours, ...ours });
    }
    for (const rival of contest.task ? rivals : []) opened.push(...(await openRivalOf(rival, contest.task!)));
    const checked: { entrant: Opened; verdict: Verdict; first?: number }[] = [];
    for (const entrant of opened) {
      signal?.throwIfAborted();
      checked.push({ entrant, ...(await check(contest, entrant)) });
    }
    const running = checked.filter(({ verdict }) => verdict.correct);
    const times = await race(running.map(({ entrant: { batch } }) => ({ sample: wallSampler(batch, BATCH) })), rounds, { signal, onTurn });
    return checked.map((one): Entrant => {
      const { entrant: { label, kind, id, way, own, opened: ours }, verdict, first } = one;
      const time = times[running.indexOf(one)];
      const base = { label, kind, id, way, first, ...(own && { own }), ...(ours && verdict.correct && { traffic: ours.traffic() }) };
      if (time instanceof Error) return { ...base, verdict: { correct: false, check: `failed while it was timed: ${time.message}` } };
      return { ...base, verdict, ...(time && { time }) };
    });
  } finally {
    for (const entrant of opened) entrant.dispose();
  }
}

async function openRivalOf(rival: Rival, task: Task): Promise<Opened[]> {
  try {
    return (await rival.prepare(task)).map((operation) => ({ ...operation, kind: 'rival', id: rival.id, bound: operation.bound ?? BOUNDS.float32 }));
  } catch (error) {
    const fail = async (): Promise<never> => { throw error; };
    return [{ label: rival.label, kind: 'rival', id: rival.id, way: '', bound: 0, compute: fail, batch: fail, dispose: () => {} }];
  }
}

async function check({ judge: verdictOf }: Contest, { own, compute, bound }: Opened): Promise<{ verdict: Verdict; first?: number }> {
  try {
    const start = performance.now();
    const output = await compute();
    const first = (performance.now() - start) / 1000;
    return { verdict: own ? own.judge(output) : (verdictOf?.(output, bound) ?? { correct: false, check: 'nothing to compare with' }), first };
  } catch (error) {
    return { verdict: { correct: false, check: `failed: ${error instanceof Error ? error.message : String(error)}` } };
  }
}

/** Entrants as rows of the report. */
export function rowsOf(entrants: readonly Entrant[]): BenchRow[] {
  const rivals = entrants.filter(({ kind, time }) => kind === 'rival' && time);
  const [{ own: main }] = entrants;
  return entrants.map(({ label, kind, verdict, first, time, traffic, own }): BenchRow => {
    const { flops, dims } = own ?? main!;
    const row = { kernel: own?.kernels ?? main!.kernels, dims, contender: traffic?.variant ?? label, kind, clock: 'queue' as const, correct: verdict.correct, check: verdict.check, first };
    if (!time) return row;
    return {
      ...row, time, flopsPerSecond: flops / time.median,
      ...(traffic && { bytesPerSecond: traffic.bytes / time.median, intensity: flops / traffic.bytes }),
      ...(own && rivals.length > 0 && { rivals: Object.fromEntries(rivals.map((rival) => [rival.label, ratioOf(rival.time!, time)])) }),
    };
  });
}
