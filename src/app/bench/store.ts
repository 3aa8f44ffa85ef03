/** One benchmark on the page. It outlives the page's view: the reader may go to a lab and come back while it runs. */

import * as Comlink from 'comlink';
import { create } from 'zustand';
import type { BenchReport } from '../../bench/report';
import type { RivalId } from '../../bench/rivals/rival';
import type { Notice } from '../../run/run';
import { readPlace, writePlace } from '../link';
import { startWorker } from '../start-worker';
import type { BenchApi, BenchEvent, BenchOutcome, Started } from './bench-api';
import workerScript from './bench-worker.ts?worker&url';
import { familiesOf } from './families';
import { AS_MEASURED, nextSort, type ColumnId, type Sort } from './kernel-rows';
import { readBenchLink, writeBenchLink, type BenchChoice } from './options';

export type Phase = 'starting' | 'ready' | 'running' | 'stopping' | 'stopped' | 'failed' | 'done';

/** What is known of a run so far: the report's parts as they come. */
export type Partial = Pick<BenchReport, 'targets' | 'rows' | 'density' | 'skew' | 'cold' | 'runs' | 'notes'> & { readonly ceilings?: Omit<BenchReport['ceilings'], 'before' | 'after'> };

export interface BenchState {
  readonly phase: Phase;
  readonly started?: Started;
  readonly choice: BenchChoice;
  readonly rivals: readonly RivalId[];
  readonly progress?: Extract<BenchEvent, { kind: 'progress' }>;
  readonly result?: Partial;
  /** The whole report, once the run is over. */
  readonly report?: BenchReport;
  /** When the result on the page was begun, and with what. */
  readonly ran?: { readonly at: Date; readonly rounds: number };
  readonly notice?: Notice;
  /** The group of rows that is pointed at in the table or in the roofline. */
  readonly looked?: string;
  /** The one that was last chosen in the roofline: a new object each time. */
  readonly picked?: { readonly key: string };
  /** Groups whose contenders are shown. */
  readonly open: ReadonlySet<string>;
  readonly sort: Sort;
  enter(): void;
  leave(): void;
  followLink(): void;
  choose(patch: globalThis.Partial<BenchChoice>, options?: { readonly dragging?: boolean }): void;
  chooseRivals(rivals: readonly RivalId[]): void;
  run(): Promise<void>;
  stop(): void;
  look(key: string | undefined): void;
  /** Opens a group and has the table show it. */
  pick(key: string): void;
  setOpen(keys: Iterable<string>): void;
  sortBy(column: ColumnId): void;
}

export const EMPTY: Partial = { targets: [], rows: [], density: [], skew: [], cold: [], runs: [], notes: [] };

/** How long a worker may take to stop, milliseconds. */
const PATIENCE = 1500;

/** The place of what this page keeps in the address; the rest of it stays as it is. */
const OWN = ['families', 'rounds', 'targets'];

let worker: { readonly thread: Worker; readonly api: Comlink.Remote<BenchApi> } | undefined;
let inView = false;

const failed = (happened: string, mend: string): Notice => ({ level: 'failed', happened, mend });

function workerApi(): Comlink.Remote<BenchApi> {
  if (!worker) {
    const thread = startWorker(workerScript, 'bench');
    const mine = { thread, api: Comlink.wrap<BenchApi>(thread) };
    thread.addEventListener('error', ({ message }) => { if (worker === mine) crashed(message); });
    worker = mine;
  }
  return worker.api;
}

/** Its device goes with it. */
function endWorker(): void {
  worker?.thread.terminate();
  worker = undefined;
}

function crashed(message: string): void {
  endWorker();
  useBench.setState({ phase: 'failed', started: undefined, notice: failed(`The benchmark’s worker stopped (${message || 'out of memory, perhaps'}).`, 'Run it again; what was measured stays until then.') });
}

async function start(): Promise<void> {
  try {
    const started = await workerApi().start();
    useBench.setState(({ phase }) => ({ started, phase: phase === 'starting' ? 'ready' : phase }));
  } catch (error) {
    crashed(error instanceof Error ? error.message : String(error));
  }
}

function grown(now: Partial, event: BenchEvent): Partial {
  switch (event.kind) {
    case 'ceilings': return { ...now, ceilings: event.ceilings };
    case 'rows': return { ...now, rows: [...now.rows, ...event.rows] };
    case 'targets': return { ...now, targets: [...now.targets, ...event.rows] };
    case 'density': return { ...now, density: [...now.density, ...event.rows] };
    case 'skew': return { ...now, skew: [...now.skew, ...event.rows] };
    case 'runs': return { ...now, runs: [...now.runs, ...event.rows] };
    case 'cold': return { ...now, cold: [...now.cold, event.row] };
    case 'note': return { ...now, notes: [...now.notes, event.text] };
    case 'progress': return now;
  }
}

function finish(outcome: BenchOutcome): void {
  if (outcome.kind === 'done') useBench.setState({ phase: 'done', report: outcome.report, result: outcome.report, progress: undefined });
  else if (outcome.kind === 'stopped') useBench.setState({ phase: 'stopped' });
  else useBench.setState({ phase: 'failed', notice: failed(outcome.happened, outcome.mend) });
  if (!inView) endWorker();
}

export const useBench = create<BenchState>((set, get) => ({
  phase: 'starting',
  choice: readBenchLink(new URLSearchParams()),
  rivals: [],
  open: new Set(),
  sort: AS_MEASURED,
  enter() {
    inView = true;
    if (!worker) void start();
  },
  leave() {
    inView = false;
    set({ looked: undefined, picked: undefined });
    if (get().phase !== 'running' && get().phase !== 'stopping') endWorker();
  },
  followLink() {
    const { path, query } = readPlace();
    if (path === '/bench') set({ choice: readBenchLink(query) });
  },
  choose(patch, { dragging = false } = {}) {
    const choice = { ...get().choice, ...patch };
    set({ choice });
    const { path, query } = readPlace();
    for (const name of OWN) query.delete(name);
    for (const [name, value] of writeBenchLink(choice)) query.set(name, value);
    writePlace({ path, query }, { replace: dragging });
  },
  chooseRivals: (rivals) => set({ rivals }),
  async run() {
    const { choice: { families, rounds, targets }, rivals, started } = get();
    const names = started?.kernels.map(({ name }) => name) ?? [];
    const kernels = familiesOf(names).filter(({ id }) => families.includes(id)).flatMap((family) => family.kernels);
    set({ phase: 'running', notice: undefined, report: undefined, result: EMPTY, progress: undefined, ran: { at: new Date(), rounds } });
    const onEvent = (event: BenchEvent): void => {
      if (event.kind === 'progress') set({ progress: event });
      else set(({ result = EMPTY }) => ({ result: grown(result, event) }));
    };
    try {
      finish(await workerApi().run({ kernels, rivals, rounds, targets }, Comlink.proxy(onEvent)));
    } catch (error) {
      crashed(error instanceof Error ? error.message : String(error));
    }
  },
  stop() {
    const asked = worker;
    set({ phase: 'stopping' });
    void asked?.api.stop();
    // A long operation cannot be interrupted from within: after a while its worker is given up, and the next run starts another.
    setTimeout(() => {
      if (worker !== asked || get().phase !== 'stopping') return;
      endWorker();
      set({ phase: 'stopped' });
    }, PATIENCE);
  },
  look: (looked) => set({ looked }),
  pick: (key) => set(({ open }) => ({ picked: { key }, open: new Set([...open, key]) })),
  sortBy: (column) => set(({ sort }) => ({ sort: nextSort(sort, column) })),
  setOpen: (keys) => set({ open: new Set(keys) }),
}));
