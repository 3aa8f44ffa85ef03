/** The report worker's body: the opened model, an engine, one piece of work at a time that can pause and be cancelled. */

import * as Comlink from 'comlink';
import { EngineError, type Engine } from '../../engine/engine';
import type { Opened as OpenedEngine } from '../../engine/open';
import type { Model } from '../../inputs/model';
import { fileSource, type ByteSource } from '../../inputs/source';
import { openModel } from '../../inputs/open-model';
import type { Choice, ReportControl, ReportEvent, ReportOptions } from '../../report/contract';
import { exportModel } from '../../report/export';
import { measureModel } from '../../report/measure';
import { blobSink } from '../../report/sink';
import { compareQuantized, isQuantized, readQuantized, type QuantizedModel } from '../../report/quantized';
import type { EngineChoice, EngineStatus } from '../compute';
import { letMessagesIn } from '../let-messages-in';
import { statusNotices } from '../notices';
import { refusalOf, remoteSource, type RemoteApi } from './remote-api';
import type { Answer, Handle, ModelInfo, Opened, Outcome, ReadBack, ReportApi, Task } from './report-api';

/** The pace is measured on about so many weights: enough that what a tensor costs by itself is small beside them. */
const SAMPLE = 2 ** 18;
/** Progress is told at most this often, milliseconds. */
const EVERY = 100;

const TASKS: readonly Task[] = ['measure', 'write', 'read'];

const aborted = (): DOMException => new DOMException('The work was cancelled.', 'AbortError');

const refusal = (error: unknown) =>
  error instanceof EngineError
    ? ({ ok: false, happened: error.happened, mend: error.mend } as const)
    : refusalOf(error, 'The report stopped on an error of the program');

async function answer<T>(body: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await body() };
  } catch (error) {
    return refusal(error);
  }
}

const sourceOf = (handle: Handle): ByteSource => (handle.kind === 'file' ? fileSource(handle.file) : remoteSource(Comlink.wrap<RemoteApi>(handle.port), handle));

const infoOf = ({ name, format, size, tensors }: Model): ModelInfo => ({ name, format, size, tensors });

export class ReportService implements ReportApi {
  private opened: Promise<OpenedEngine> | undefined;
  private onStatus: (status: EngineStatus) => void = () => {};
  private losses = 0;
  private model: Model | undefined;
  private sensitivities: Model | undefined;
  private quantized: QuantizedModel | undefined;
  private readonly work = new Map<Task, AbortController>();
  private hold: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  private choice: EngineChoice = 'auto';

  constructor(private readonly openEngine: (choice: EngineChoice) => Promise<OpenedEngine>) {}

  start(choice: EngineChoice, onStatus: (status: EngineStatus) => void): Promise<Answer<EngineStatus>> {
    this.choice = choice;
    this.onStatus = onStatus;
    const before = this.opened;
    const replace = async (): Promise<OpenedEngine> => {
      await before?.then(({ engine }) => engine.dispose(), () => undefined);
      return this.openEngine(choice);
    };
    return answer(() => this.adopt(replace()));
  }

  private async adopt(opening: Promise<OpenedEngine>): Promise<EngineStatus> {
    this.opened = opening;
    const opened = await opening;
    const status = { device: opened.engine.device, notices: statusNotices(opened, this.losses), losses: this.losses, choice: this.choice };
    this.onStatus(status);
    return status;
  }

  private async engine(): Promise<Engine> {
    if (!this.opened) throw new EngineError('internal', 'No engine was started.', 'Load the page again.');
    return (await this.opened).engine;
  }

  /** The device once more; after a second loss the reference engine. */
  private async replace(lost: Engine, error: EngineError): Promise<void> {
    this.losses++;
    lost.dispose();
    const twice = new EngineError('device-lost-twice', 'The GPU device was lost twice, so the report goes on on the reference engine.', 'Load the page again to try the GPU again.', { cause: error });
    await this.adopt(this.losses > 1 ? this.openEngine('reference').then(({ engine }) => ({ engine, instead: twice })) : this.openEngine(this.choice));
  }

  open(handles: readonly Handle[]): Promise<Answer<Opened>> {
    return answer(async () => {
      const model = await openModel(handles.map(sourceOf));
      if (isQuantized(model)) {
        this.quantized = await readQuantized(model);
        const { tensors, source } = this.quantized;
        return { kind: 'quantized', quantized: { name: model.name, size: model.size, source, tensors: tensors.length } };
      }
      for (const task of TASKS) this.cancel(task);
      this.model = model;
      return { kind: 'model', model: infoOf(model) };
    });
  }

  openSensitivity(handles: readonly Handle[]): Promise<Answer<ModelInfo>> {
    return answer(async () => {
      this.sensitivities = await openModel(handles.map(sourceOf));
      return infoOf(this.sensitivities);
    });
  }

  close(): void {
    for (const task of TASKS) this.cancel(task);
    this.model = undefined;
    this.sensitivities = undefined;
    this.quantized = undefined;
  }

  pause(on: boolean): void {
    if (!on) {
      this.hold?.end();
      this.hold = undefined;
    } else if (!this.hold) {
      let end = (): void => {};
      this.hold = { over: new Promise((resolve) => { end = resolve; }), end: () => end() };
    }
  }

  cancel(task: Task): void {
    this.work.get(task)?.abort(aborted());
    if (task === 'measure') this.pause(false);
  }

  /** Ends the same task if it still runs. Only a measurement can be paused. */
  private begin(task: Task): ReportControl {
    this.cancel(task);
    const controller = new AbortController();
    this.work.set(task, controller);
    const { signal } = controller;
    const pause = async (): Promise<void> => {
      await letMessagesIn();
      if (task === 'measure') await this.hold?.over;
      signal.throwIfAborted();
    };
    return { signal, pause, sensitivities: this.sensitivities };
  }

  private get subject(): Model {
    if (!this.model) throw new EngineError('internal', 'No model is open.', 'Open a file first.');
    return this.model;
  }

  pace(options: ReportOptions): Promise<Answer<number>> {
    return answer(async () => {
      const model = this.subject;
      const sizes = model.tensors.flatMap(({ name, matrix }) => (matrix ? [{ name, rows: matrix[0], cols: matrix[1] }] : []));
      const piece = sizes.sort((a, b) => b.rows * b.cols - a.rows * a.cols)[sizes.length >> 1];
      if (!piece) return 0;
      const maxRows = Math.max(1, Math.min(piece.rows, Math.ceil(SAMPLE / piece.cols)));
      const engine = await this.engine();
      const control = { ...this.begin('measure'), only: new Set([piece.name]) };
      const weightsPerSecond = async (): Promise<number> => {
        const from = performance.now();
        for await (const event of measureModel(model, engine, { ...options, maxRows }, control)) if (event.kind === 'skipped') return 0;
        return (maxRows * piece.cols) / ((performance.now() - from) / 1000);
      };
      await weightsPerSecond(); // compiles what it needs
      return weightsPerSecond();
    });
  }

  async measure(options: ReportOptions, tensors: readonly string[], onEvent: (event: ReportEvent) => void): Promise<Outcome> {
    const control = this.begin('measure');
    const left = new Set(tensors);
    for (;;) {
      let engine: Engine | undefined;
      try {
        engine = await this.engine();
        await this.deliver(measureModel(this.subject, engine, options, { ...control, only: new Set(left) }), control, onEvent, left);
        return { kind: 'done' };
      } catch (error) {
        if (control.signal.aborted) return { kind: 'cancelled' };
        if (!engine || !(error instanceof EngineError) || error.code !== 'device-lost') return { ...refusal(error), kind: 'failed' };
        try {
          await this.replace(engine, error);
        } catch (second) {
          return { ...refusal(second), kind: 'failed' };
        }
      }
    }
  }

  /** Hands events on, progress not too often, and strikes off what is done. */
  private async deliver(events: AsyncIterable<ReportEvent>, { signal }: ReportControl, onEvent: (event: ReportEvent) => unknown, left: Set<string>): Promise<void> {
    const delivered: unknown[] = [];
    let told = 0;
    for await (const event of events) {
      signal.throwIfAborted();
      if (event.kind === 'progress') {
        const now = performance.now();
        if (now - told < EVERY && event.weightsDone < event.weightsTotal) continue;
        told = now;
      } else left.delete(event.kind === 'tensor' ? event.report.tensor : event.skipped.tensor);
      delivered.push(onEvent(event));
    }
    await Promise.all(delivered); // every event has arrived before the outcome does
  }

  write(options: ReportOptions, choices: Readonly<Record<string, Choice>>, onProgress: (done: number, total: number) => void): Promise<Answer<Blob>> {
    return answer(async () => {
      const { sink, file } = blobSink();
      let told = 0;
      for await (const { weightsDone, weightsTotal } of exportModel(this.subject, await this.engine(), choices, options, sink, this.begin('write'))) {
        if (performance.now() - told < EVERY) continue;
        told = performance.now();
        onProgress(weightsDone, weightsTotal);
      }
      return file();
    });
  }

  async readBack(onTensor: (tensor: ReadBack) => void): Promise<Outcome> {
    const control = this.begin('read');
    try {
      if (!this.quantized) throw new EngineError('internal', 'No quantized file is open.', 'Open one first.');
      const original = this.model;
      const there = new Set(original?.tensors.map(({ name }) => name));
      for (const { name, method, bits, relativeError } of this.quantized.tensors) {
        const measured = original && there.has(name) ? await compareQuantized(original, this.quantized, name, control) : undefined;
        control.signal.throwIfAborted();
        onTensor({ tensor: name, id: method, bits, reported: relativeError, measured });
      }
      return { kind: 'done' };
    } catch (error) {
      return control.signal.aborted ? { kind: 'cancelled' } : { ...refusal(error), kind: 'failed' };
    }
  }
}
