/** The compute worker's body: owns the engine, runs experiments, newest first, and goes on after a lost device. */

import type { AnyKernel, Dims } from '../../kernels/define';
import { textsOf, type VariantChoice } from '../engine/choices';
import { EngineError, type Ceilings, type Engine, type Timing } from '../engine/engine';
import type { Opened, SoftwareAdapter } from '../engine/open';
import type { Pace } from '../engine/pace';
import { InputError } from '../inputs/error';
import { toMatrix, type Matrix } from '../inputs/matrix';
import type { Paper } from '../papers/contract';
import { Memo } from '../run/memo';
import type { RunPatch } from '../run/run';
import { fromQuery, ParamError } from '../run/schema';
import type { CaseVerdict, ComputeApi, EngineChoice, EngineStatus, RunOutcome, RunRequest, VerifyRequest, VerifyResult } from './compute';
import { letMessagesIn } from './let-messages-in';
import { statusNotices } from './notices';
import { handOver } from './transfer';
import { findKernel, timeCase, verifyKernel } from './verify';

export interface ServiceParts {
  readonly open: (choice: EngineChoice) => Promise<Opened>;
  /** Loads a lab's paper by its folder's name. */
  readonly papers: Readonly<Record<string, () => Promise<{ readonly paper: Paper }>>>;
  /** Loads every kernel: only "verify" and "time" need them all. */
  readonly kernels: () => Promise<readonly AnyKernel[]>;
  /** Measures, and keeps for later visits, which engine is the faster on a software adapter. */
  readonly pace?: (engine: Engine, adapter: SoftwareAdapter, signal: AbortSignal) => Promise<Pace>;
}

/** After this many losses the GPU is not trusted with another run. */
const LOSSES_ALLOWED = 1;

/** Milliseconds, where the request names none: some three frames. */
const REST = 50;

/** Milliseconds without work after which the worker measures what was left open. */
const IDLE = 1200;

/** What decides the core of a run. */
const wantedOf = ({ lab, params, files }: RunRequest): string => JSON.stringify([lab, Object.entries(params).sort(), Object.entries(files).sort()]);

const aborted = (): DOMException => new DOMException('A newer run has taken its place.', 'AbortError');

/** Time for the page to draw the first result before the rest takes the processor; over at once when a newer run comes. */
const letPageDraw = (rest: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, rest);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });

function failure(error: unknown): RunOutcome {
  if (error instanceof EngineError) return { kind: 'failed', code: error.code, happened: error.happened, mend: error.mend };
  if (error instanceof InputError) return { kind: 'failed', code: 'input', happened: error.what, mend: error.mend };
  if (error instanceof ParamError) return { kind: 'failed', code: 'input', happened: error.message, mend: 'Choose another value.' };
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'failed', code: 'internal', happened: `The run stopped on an error of the program (${said}).`, mend: 'Please report it with the link of the page.' };
}

export class ComputeService implements ComputeApi {
  private choice: EngineChoice = 'auto';
  private opened: Promise<Opened> | undefined;
  private onStatus: (status: EngineStatus) => void = () => {};
  private losses = 0;
  private readonly recoveries = new WeakMap<Engine, Promise<void>>();
  private readonly matrices = new Map<string, Matrix>();
  private memos = new Map<string, Memo>();
  private current: AbortController | undefined;
  /** The core that is computed before the page asks for it. */
  private ahead: { readonly wanted: string; readonly controller: AbortController } | undefined;
  private running: Promise<unknown> = Promise.resolve();
  /** Measured in this visit, by adapter. */
  private readonly paces = new Map<string, Pace>();
  private idle: { readonly timer: ReturnType<typeof setTimeout>; readonly controller: AbortController } | undefined;

  constructor(private readonly parts: ServiceParts) {}

  async start(choice: EngineChoice, onStatus: (status: EngineStatus) => void): Promise<EngineStatus> {
    this.cancel();
    this.wake();
    const { running, opened: before } = this;
    this.choice = choice;
    this.onStatus = onStatus;
    const replace = async (): Promise<Opened> => {
      await running;
      await before?.then(({ engine }) => engine.dispose(), () => undefined);
      return this.parts.open(choice);
    };
    return this.adopt(replace());
  }

  /** From now on this is the engine; what was remembered belongs to the one before. */
  private async adopt(opening: Promise<Opened>): Promise<EngineStatus> {
    this.opened = opening;
    this.memos = new Map();
    const opened = await opening;
    // What goes wrong in opening again is told by the next run.
    void opened.engine.lost.then((error) => this.recover(opened.engine, error)).catch(() => undefined);
    this.rest();
    return this.tell(opened);
  }

  private tell(opened: Opened): EngineStatus {
    const { engine, software } = opened;
    const pace = software?.pace ?? (software && this.paces.get(software.key));
    const status = {
      device: engine.device, notices: statusNotices(opened, this.losses), losses: this.losses, choice: this.choice,
      ...(software && { software: { label: software.label, pace } }),
    };
    this.onStatus(status);
    return status;
  }

  /** There is work: what was begun in an idle moment ends. */
  private wake(): void {
    clearTimeout(this.idle?.timer);
    this.idle?.controller.abort(aborted());
    this.idle = undefined;
  }

  /** Once nothing has been asked for a while, what was left open is measured. */
  private rest(): void {
    this.wake();
    const controller = new AbortController();
    const timer = setTimeout(() => void this.measureWhatIsOpen(controller.signal).catch(() => undefined), IDLE);
    this.idle = { timer, controller };
  }

  /** Choices of variants that launches did not wait for; whether WebGPU is worth its while on a software adapter. */
  private async measureWhatIsOpen(signal: AbortSignal): Promise<void> {
    await this.running;
    const opened = await this.opened;
    if (!opened || signal.aborted) return;
    await opened.engine.settle?.(signal);
    const { software } = opened;
    if (!software || software.pace || this.paces.has(software.key) || !this.parts.pace) return;
    this.paces.set(software.key, await this.parts.pace(opened.engine, software, signal));
    // The notices stay as they are, for nothing on the page may move because a figure has come.
    if (opened === (await this.opened)) this.tell(opened);
  }

  private async engine(): Promise<Engine> {
    if (!this.opened) throw new EngineError('internal', 'No engine was started.', 'Call start first.');
    return (await this.opened).engine;
  }

  /** Both the run and the idle engine report a loss: the same one is dealt with once. */
  private recover(lost: Engine, error: EngineError): Promise<void> {
    const recovery = this.recoveries.get(lost) ?? this.replace(lost, error);
    this.recoveries.set(lost, recovery);
    return recovery;
  }

  /** Opens the device again, once; after that the reference engine takes over. */
  private async replace(lost: Engine, error: EngineError): Promise<void> {
    this.losses++;
    lost.dispose();
    const twice = new EngineError('device-lost-twice', 'The GPU device was lost twice, so the lab goes on on the reference engine.', 'Reload the page to try the GPU again.', { cause: error });
    const next = this.losses > LOSSES_ALLOWED
      ? this.parts.open('reference').then(({ engine }) => ({ engine, instead: twice }))
      : this.parts.open(this.choice);
    await this.adopt(next);
  }

  async run(request: RunRequest, onPatch: (id: number, patch: RunPatch) => void): Promise<RunOutcome> {
    this.current?.abort(aborted());
    // What was begun for this very request goes on: it is its first part.
    if (this.ahead?.wanted !== wantedOf(request)) this.ahead?.controller.abort(aborted());
    this.current = new AbortController();
    this.wake();
    const { signal } = this.current;
    const outcome = await this.enqueue(request, (id, patch) => onPatch(id, handOver(patch)), signal);
    if (!signal.aborted) this.rest();
    return outcome;
  }

  private enqueue(request: RunRequest, onPatch: (id: number, patch: RunPatch) => unknown, signal: AbortSignal): Promise<RunOutcome> {
    const outcome = this.running.then(() => this.attempt(request, onPatch, signal));
    this.running = outcome;
    return outcome;
  }

  cancel(): void {
    this.current?.abort(aborted());
    this.ahead?.controller.abort(aborted());
  }

  async prepare(lab: string, query: string): Promise<void> {
    const given = new URLSearchParams(query);
    const paper = (await this.parts.papers[lab]?.())?.paper;
    if (!paper || this.current || paper.fileInputs.some((role) => given.has(role))) return;
    const request: RunRequest = { id: 0, lab, params: fromQuery(paper.schema, given), files: {}, want: [], rest: 0, link: '' };
    const controller = new AbortController();
    this.ahead = { wanted: wantedOf(request), controller };
    // The first patch ends it; the memory keeps what it took.
    await this.enqueue(request, () => controller.abort(aborted()), controller.signal);
    this.ahead = undefined;
  }

  private async attempt(request: RunRequest, onPatch: (id: number, patch: RunPatch) => unknown, signal: AbortSignal): Promise<RunOutcome> {
    for (;;) {
      if (signal.aborted) return { kind: 'stale' };
      let engine: Engine | undefined;
      try {
        engine = await this.engine();
        await this.execute(engine, request, onPatch, signal);
        return { kind: 'done' };
      } catch (error) {
        if (signal.aborted) return { kind: 'stale' };
        if (!engine) return failure(error);
        if (error instanceof EngineError && error.code === 'device-lost') {
          try {
            await this.recover(engine, error);
          } catch (second) {
            return failure(second);
          }
        }
        // A run that spanned a loss may end with any error: it is told by its engine no longer being the one in use.
        if (engine === (await this.engine())) return failure(error);
      }
    }
  }

  private async execute(engine: Engine, request: RunRequest, onPatch: (id: number, patch: RunPatch) => unknown, signal: AbortSignal): Promise<void> {
    const load = this.parts.papers[request.lab];
    if (!load) throw new EngineError('internal', `There is no lab named ${request.lab}.`, `The labs are ${Object.keys(this.parts.papers).join(', ')}.`);
    const { paper } = await load();
    let memo = this.memos.get(paper.id);
    if (!memo) {
      this.memos.set(paper.id, (memo = new Memo()));
      // What fails to compile is reported by the run that needs it.
      engine.prewarm?.(paper.kernels ?? []).catch(() => undefined);
    }
    const files = Object.fromEntries(Object.entries(request.files).map(([role, key]) => [role, this.matrix(role, key)]));
    const pause = async (): Promise<void> => {
      await letMessagesIn();
      if (signal.aborted) throw aborted();
    };
    const context = { engine, memo, params: request.params, files, signal, pause, want: new Set(request.want) };
    const delivered: unknown[] = [];
    for await (const patch of paper.experiment(context)) {
      if (signal.aborted) throw aborted();
      delivered.push(onPatch(request.id, patch));
      if (delivered.length === 1) await letPageDraw(request.rest ?? REST, signal);
    }
    await Promise.all(delivered); // every patch has arrived before the outcome does
  }

  private matrix(role: string, key: string): Matrix {
    const matrix = this.matrices.get(key);
    if (!matrix) throw new InputError(`The file given for ${role} is no longer held.`, 'Load it again.');
    return matrix;
  }

  async loadMatrix(source: string, rows: number, cols: number, data: Float32Array): Promise<string> {
    if (rows * cols !== data.length) throw new InputError(`${source}: ${rows} × ${cols} is ${rows * cols} numbers, but ${data.length} were given.`, 'Pass the shape of the data.');
    const matrix = toMatrix(source, rows, cols, data);
    this.matrices.set(matrix.key, matrix);
    return matrix.key;
  }

  dropMatrix(key: string): void {
    this.matrices.delete(key);
  }

  async verify(request: VerifyRequest, onCase: (verdict: CaseVerdict) => void): Promise<VerifyResult> {
    return verifyKernel(await this.engine(), await this.parts.kernels(), request, onCase, letMessagesIn);
  }

  async ceilings(): Promise<Ceilings> {
    return (await this.engine()).ceilings();
  }

  async time(kernel: string, caseName: string, variant?: string): Promise<Timing> {
    return timeCase(await this.engine(), await this.parts.kernels(), kernel, caseName, variant);
  }

  async choices(): Promise<readonly VariantChoice[]> {
    const engine = await this.engine();
    if (!engine.choices) return [];
    const texts = new Map((await this.parts.kernels()).map((kernel) => [kernel.name, textsOf(kernel)]));
    return engine.choices().filter((choice) => texts.get(choice.kernel) === choice.texts);
  }

  async remeasure(name: string, dims: Dims): Promise<VariantChoice> {
    const engine = await this.engine();
    if (!engine.remeasure) throw new EngineError('no-webgpu', 'Kernels have variants on WebGPU only, and the reference engine runs here.', 'Choose WebGPU as the engine.');
    this.wake();
    return engine.remeasure(findKernel(await this.parts.kernels(), name), dims);
  }

  async forgetChoices(): Promise<void> {
    (await this.engine()).forget?.();
  }
}
