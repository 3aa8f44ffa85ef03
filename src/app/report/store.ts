/** One report on the page. It outlives the page's view: the reader may go to a lab and come back while it measures. */

import * as Comlink from 'comlink';
import { create } from 'zustand';
import { fileSource, type ByteSource } from '../../inputs/source';
import type { ReportEvent, ReportOptions, TensorReport } from '../../report/contract';
import type { Notice, ParamValue } from '../../run/run';
import { clamp } from '../../run/schema';
import type { EngineChoice, EngineStatus } from '../compute';
import { forget, remember } from '../files/library';
import { readPlace, writePlace } from '../link';
import { usePage } from '../page-store';
import { startWorker } from '../start-worker';
import { DEFAULTS, optionsOf, readReportLink, schema, writeReportLink, type ReportParams } from './options';
import { RemoteDocument } from './remote';
import { remoteSource } from './remote-api';
import type { Answer, Handle, ModelInfo, QuantizedInfo, ReadBack, Refusal, ReportApi } from './report-api';
import workerScript from './report-worker.ts?worker&url';

export type Phase = 'empty' | 'opening' | 'ready' | 'measuring' | 'paused' | 'cancelled' | 'failed' | 'done';

/** Files up to this size are measured at once. */
const AT_ONCE = 64e6;
/** The table takes new rows at most this often, milliseconds. */
const FLUSH = 150;

export interface Progress {
  readonly tensor: string;
  /** Weights, of those that this start measures. */
  readonly done: number;
  readonly total: number;
  /** Seconds of work since the start, pauses left out. */
  readonly worked: number;
}

export interface Reading {
  readonly quantized: QuantizedInfo;
  readonly tensors: readonly ReadBack[];
  readonly state: 'reading' | 'done' | 'cancelled';
}

export interface ReportState {
  readonly phase: Phase;
  readonly status?: EngineStatus;
  readonly model?: ModelInfo;
  /** The host that is read from, where an address was pasted. */
  readonly host?: string;
  readonly params: ReportParams;
  /** What the mix makes least: the sum of all squared errors, or each tensor's own relative error. */
  readonly objective: 'total' | 'relative';
  /** What the measured numbers were measured with. */
  readonly measuredWith?: ReportOptions;
  readonly reports: ReadonlyMap<string, TensorReport>;
  readonly skipped: ReadonlyMap<string, string>;
  readonly progress?: Progress;
  /** The file of sensitivities behind them. */
  readonly measuredBy?: string;
  /** Seconds that measuring the whole model may take; absent until a piece of it was timed. */
  readonly estimate?: number;
  readonly sensitivity?: string;
  readonly reading?: Reading;
  readonly notice?: Notice;
  openFiles(files: readonly File[]): Promise<void>;
  openAddress(address: string): Promise<void>;
  openSensitivity(files: readonly File[]): Promise<void>;
  close(): void;
  setParams(patch: Readonly<Record<string, ParamValue>>): void;
  setObjective(objective: ReportState['objective']): void;
  choose(patch: Partial<Omit<ReportParams, 'values'>>): void;
  followLink(): void;
  measure(): Promise<void>;
  goOn(): Promise<void>;
  pause(on: boolean): void;
  cancel(): void;
  dismiss(): void;
  readBack(): Promise<void>;
  closeReading(): void;
}

interface Held {
  worker?: Comlink.Remote<ReportApi>;
  /** With which its engine was started. */
  choice?: EngineChoice;
  remote?: RemoteDocument;
  sources: readonly ByteSource[];
  /** Rows that wait for the next flush. */
  events: ReportEvent[];
  timer: number;
  /** When the work last went on, and what was worked before. */
  since: number;
  worked: number;
}

const held: Held = { sources: [], events: [], timer: 0, since: 0, worked: 0 };

/** The worker, started with the first file. */
export function reportWorker(): Comlink.Remote<ReportApi> {
  if (!held.worker) {
    const worker = startWorker(workerScript, 'report');
    worker.addEventListener('error', ({ message }) => crashed(worker, message));
    held.worker = Comlink.wrap<ReportApi>(worker);
    held.choice = undefined;
    followEngine(held.worker);
  }
  return held.worker;
}

/** The engine that the page was told to use; another choice holds from the next measurement on. */
function followEngine(worker: Comlink.Remote<ReportApi>): void {
  const { engineChoice } = usePage.getState();
  if (held.choice === engineChoice) return;
  held.choice = engineChoice;
  void worker.start(engineChoice, Comlink.proxy((status: EngineStatus) => useReport.setState({ status }))).then((answer) => {
    if (!answer.ok) refuse(answer);
  });
}

const noticeOf = ({ happened, mend }: Pick<Refusal, 'happened' | 'mend'>): Notice => ({ level: 'failed', happened, mend });
const refuse = (refusal: Pick<Refusal, 'happened' | 'mend'>): void => useReport.setState({ notice: noticeOf(refusal) });

/** Nothing more will come from it. What was measured stays; the file must be opened again. */
function crashed(worker: Worker, message: string): void {
  worker.terminate();
  held.worker = undefined;
  const { model, reading } = useReport.getState();
  useReport.setState({ phase: model ? 'failed' : 'empty', reading: reading && { ...reading, state: 'cancelled' } });
  refuse({ happened: `The report worker stopped (${message || 'out of memory, perhaps'}).`, mend: 'Open the file again; what was measured can still be saved.' });
}

const worked = (): number => held.worked + (held.since ? (performance.now() - held.since) / 1000 : 0);

function hold(): void {
  held.worked = worked();
  held.since = 0;
}

function clearWork(): void {
  clearTimeout(held.timer);
  held.timer = 0;
  held.events = [];
}

const fresh = { measuredWith: undefined, measuredBy: undefined, reports: new Map(), skipped: new Map(), progress: undefined, estimate: undefined } as const;

export const measurable = (model: ModelInfo): ModelInfo['tensors'] => model.tensors.filter(({ matrix }) => matrix);

/** Weights of a tensor that these options measure. */
export const weightsOf = ({ matrix }: ModelInfo['tensors'][number], maxRows: number): number => (matrix ? (maxRows > 0 ? Math.min(maxRows, matrix[0]) : matrix[0]) * matrix[1] : 0);

export const useReport = create<ReportState>((set, get) => {
  function flush(): void {
    const { events } = held;
    clearWork();
    if (events.length === 0) return;
    const reports = new Map(get().reports);
    const skipped = new Map(get().skipped);
    let { progress } = get();
    for (const event of events) {
      if (event.kind === 'tensor') reports.set(event.report.tensor, event.report);
      else if (event.kind === 'skipped') skipped.set(event.skipped.tensor, event.skipped.reason);
      else progress = { tensor: event.tensor, done: event.weightsDone, total: event.weightsTotal, worked: worked() };
    }
    set({ reports, skipped, progress });
  }

  const receive = (event: ReportEvent): void => {
    held.events.push(event);
    if (!held.timer) held.timer = window.setTimeout(flush, FLUSH);
  };

  async function run(tensors: readonly string[], options: ReportOptions): Promise<void> {
    held.worked = 0;
    held.since = performance.now();
    const { model, sensitivity } = get();
    set({ phase: 'measuring', measuredWith: options, measuredBy: options.sensitivity === 'file' ? sensitivity : undefined, progress: undefined, notice: undefined });
    followEngine(reportWorker());
    const outcome = await reportWorker().measure(options, tensors, Comlink.proxy(receive));
    if (get().model !== model) return; // another file has been opened meanwhile
    flush();
    hold();
    set({ phase: outcome.kind });
    if (outcome.kind === 'failed') refuse(outcome);
  }

  async function take(handles: readonly Handle[], sources: readonly ByteSource[], remote?: RemoteDocument, host?: string): Promise<void> {
    const before = get();
    if (before.phase === 'opening') return;
    set({ phase: 'opening', notice: undefined });
    const answer = await reportWorker().open(Comlink.transfer([...handles], handles.flatMap((h) => (h.kind === 'remote' ? [h.port] : []))));
    if (!answer.ok || answer.value.kind === 'quantized') {
      set({ phase: get().phase === 'opening' ? before.phase : get().phase });
      if (!answer.ok) {
        remote?.close();
        return refuse(answer);
      }
      if (answer.value.kind === 'quantized') set({ reading: { quantized: answer.value.quantized, tensors: [], state: 'reading' } });
      return get().readBack();
    }
    clearWork();
    forget(held.sources);
    held.remote?.close();
    held.remote = remote;
    held.sources = sources;
    remember(sources);
    const { model } = answer.value;
    const skipped = new Map(model.tensors.filter(({ matrix }) => !matrix).map(({ name, unfit }) => [name, `${name} ${unfit ?? 'is no matrix'}.`]));
    set({ ...fresh, model, host, skipped, phase: 'ready', reading: undefined });
    if (measurable(model).length === 0) return set({ phase: 'done' });
    if (model.size <= AT_ONCE && !host) return get().measure();
    await guess();
  }

  /** How long the measurement may take, from a small piece of it. */
  async function guess(): Promise<void> {
    const { model, params, phase } = get();
    if (!model || phase !== 'ready') return;
    const options = optionsOf(params);
    set({ estimate: undefined });
    const pace = await reportWorker().pace(options);
    if (get().model !== model || get().params !== params || get().phase !== 'ready' || !pace.ok || pace.value <= 0) return;
    set({ estimate: measurable(model).reduce((sum, tensor) => sum + weightsOf(tensor, options.maxRows), 0) / pace.value });
  }

  function changed(params: ReportParams): void {
    set({ params });
    writePlace({ path: '/model', query: writeReportLink(params) }, { replace: true });
  }

  return {
    phase: 'empty',
    params: DEFAULTS,
    objective: 'total',
    setObjective: (objective) => set({ objective }),
    reports: new Map(),
    skipped: new Map(),
    async openFiles(files) {
      if (files.length > 0) await take(files.map((file) => ({ kind: 'file', file })), files.map(fileSource));
    },
    async openAddress(address) {
      set({ notice: undefined });
      let remote: RemoteDocument | undefined;
      try {
        const host = new URL(address).host;
        remote = await RemoteDocument.open();
        // Told while it is so, whether or not the address turns out to hold a model.
        set({ host });
        const answer = await remote.api.open(address);
        if (!answer.ok) throw answer;
        const { api } = remote;
        const port = remote.port.bind(remote);
        await take(answer.value.map((file) => ({ kind: 'remote', ...file, port: port() })), answer.value.map((file) => remoteSource(api, file)), remote, host);
      } catch (error) {
        remote?.close();
        refuse(typeof error === 'object' && error !== null && 'happened' in error ? (error as Refusal) : { happened: `“${address}” is not an address.`, mend: 'Paste the whole of it, https:// included.' });
      }
      if (!held.remote) set({ host: undefined });
    },
    async openSensitivity(files) {
      const answer: Answer<ModelInfo> = await reportWorker().openSensitivity(files.map((file) => ({ kind: 'file', file })));
      if (!answer.ok) return refuse(answer);
      set({ sensitivity: answer.value.name, notice: undefined });
      get().setParams({ sensitivity: 'file' });
    },
    close() {
      clearWork();
      void held.worker?.close();
      held.remote?.close();
      held.remote = undefined;
      forget(held.sources);
      held.sources = [];
      set({ ...fresh, phase: 'empty', model: undefined, host: undefined, sensitivity: undefined, reading: undefined, notice: undefined });
    },
    setParams(patch) {
      const { params } = get();
      const known = Object.entries(patch).filter(([name]) => name in schema).map(([name, value]) => [name, clamp(schema[name as keyof typeof schema], value)]);
      changed({ ...params, values: { ...params.values, ...Object.fromEntries(known) } });
      void guess();
    },
    choose(patch) {
      changed({ ...get().params, ...patch });
      if (!('budget' in patch)) void guess();
    },
    followLink() {
      const place = readPlace();
      if (place.path !== '/model') return;
      // Coming back by a bare link keeps what was chosen for the report that is there.
      if (get().model && [...place.query.keys()].length === 0) changed(get().params);
      else set({ params: readReportLink(place.query) });
    },
    async measure() {
      const { model, params, sensitivity } = get();
      if (!model) return;
      if (params.values.sensitivity === 'file' && sensitivity === undefined) {
        return refuse({ happened: 'The sensitivities are to come from a file, and none is open.', mend: 'Choose it under Settings, or another sensitivity.' });
      }
      const names = measurable(model).map(({ name }) => name);
      const unfit = new Map([...get().skipped].filter(([name]) => !names.includes(name)));
      set({ reports: new Map(), skipped: unfit, progress: undefined });
      await run(names, optionsOf(params));
    },
    async goOn() {
      const { model, measuredWith, reports, skipped } = get();
      if (!model || !measuredWith) return;
      await run(measurable(model).map(({ name }) => name).filter((name) => !reports.has(name) && !skipped.has(name)), measuredWith);
    },
    pause(on) {
      const { phase } = get();
      if (phase !== (on ? 'measuring' : 'paused')) return;
      if (on) hold();
      else held.since = performance.now();
      void reportWorker().pause(on);
      set({ phase: on ? 'paused' : 'measuring' });
    },
    cancel: () => void reportWorker().cancel('measure'),
    dismiss: () => set({ notice: undefined }),
    async readBack() {
      const { reading } = get();
      if (!reading) return;
      const { quantized } = reading;
      set({ reading: { quantized, tensors: [], state: 'reading' } });
      const outcome = await reportWorker().readBack(Comlink.proxy((tensor: ReadBack) => {
        const now = get().reading;
        if (now?.quantized === quantized) set({ reading: { ...now, tensors: [...now.tensors, tensor] } });
      }));
      const now = get().reading;
      if (now?.quantized !== quantized) return;
      if (outcome.kind === 'failed') refuse(outcome);
      set({ reading: { ...now, state: outcome.kind === 'done' ? 'done' : 'cancelled' } });
    },
    closeReading: () => set({ reading: undefined }),
  };
});
