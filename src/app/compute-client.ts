/**
 * The page's side of the compute worker. Same interface, and three duties more: at most one run in flight and one
 * waiting (the newest), a picture even while a slider moves, and a new worker after a crash.
 */

import * as Comlink from 'comlink';
import type { Ceilings, Timing } from '../engine/engine';
import type { RunPatch } from '../run/run';
import type { CaseVerdict, ComputeApi, EngineChoice, EngineStatus, RunOutcome, RunRequest, VerifyRequest, VerifyResult } from './compute';
import { computeWorker } from './compute-worker';

/** A Worker, or what stands in for one in a test. */
export interface WorkerLike extends Comlink.Endpoint {
  terminate(): void;
}

/** A run is left alone until its first patch, so that dragging a slider shows pictures; but not longer than this, ms. */
const PATIENCE = 300;

interface Flight {
  patched: boolean;
  readonly startedAt: number;
}

interface Waiting {
  readonly request: RunRequest;
  readonly onPatch: (id: number, patch: RunPatch) => void;
  readonly settle: (outcome: Promise<RunOutcome> | RunOutcome) => void;
}

class WorkerCrash extends Error {
  override readonly name = 'WorkerCrash';
}

interface Connection {
  readonly worker: WorkerLike;
  readonly api: Comlink.Remote<ComputeApi>;
  readonly crashed: Promise<never>;
}

/** The page keeps its own, for the worker may crash. */
const send = (api: Comlink.Remote<ComputeApi>, [source, rows, cols, data]: Parameters<ComputeApi['loadMatrix']>): Promise<string> => {
  const copy = data.slice();
  return api.loadMatrix(source, rows, cols, Comlink.transfer(copy, [copy.buffer]));
};

export class ComputeClient implements ComputeApi {
  private connection: Connection;
  private started: { readonly choice: EngineChoice; readonly onStatus: (status: EngineStatus) => void } | undefined;
  /** Kept to hand them to a new worker. */
  private readonly matrices = new Map<string, Parameters<ComputeApi['loadMatrix']>>();
  private flight: Flight | undefined;
  private waiting: Waiting | undefined;
  private restarting: Promise<void> | undefined;

  constructor(private readonly makeWorker: () => WorkerLike = computeWorker) {
    this.connection = this.connect();
  }

  private connect(): Connection {
    const worker = this.makeWorker();
    const crashed = new Promise<never>((_, reject) => {
      const fail = (event: object): void => {
        const said = 'message' in event && typeof event.message === 'string' ? event.message : '';
        reject(new WorkerCrash(said || 'The compute worker stopped.'));
      };
      worker.addEventListener('error', fail);
      worker.addEventListener('messageerror', fail);
    });
    crashed.catch(() => undefined);
    return { worker, api: Comlink.wrap<ComputeApi>(worker), crashed };
  }

  /** Calls the worker; after a crash once more, on a new one. */
  private async call<T>(body: (api: Comlink.Remote<ComputeApi>) => Promise<T>): Promise<T> {
    for (let again = false; ; again = true) {
      await this.restarting;
      const { connection } = this;
      try {
        return await Promise.race([body(connection.api), connection.crashed]);
      } catch (error) {
        if (!(error instanceof WorkerCrash)) throw error;
        if (this.connection === connection) this.restart();
        if (again) throw error;
      }
    }
  }

  private restart(): void {
    this.connection.worker.terminate();
    this.connection = this.connect();
    const { connection, started } = this;
    const refill = async (): Promise<void> => {
      if (started) await connection.api.start(started.choice, Comlink.proxy(started.onStatus));
      for (const matrix of this.matrices.values()) await send(connection.api, matrix);
    };
    // A worker that crashes here too is found out by the call that waits.
    this.restarting = Promise.race([refill(), connection.crashed]).catch(() => undefined);
  }

  start(choice: EngineChoice, onStatus: (status: EngineStatus) => void): Promise<EngineStatus> {
    this.started = { choice, onStatus };
    return this.call((api) => api.start(choice, Comlink.proxy(onStatus)));
  }

  /**
   * An older request that still waits is dropped as stale. A run in flight that has shown something gives way at once
   * (the worker ends it at its next stage); one that has not may go on to its first result, so that a drag shows any.
   */
  run(request: RunRequest, onPatch: (id: number, patch: RunPatch) => void): Promise<RunOutcome> {
    this.waiting?.settle({ kind: 'stale' });
    return new Promise((settle) => {
      this.waiting = { request, onPatch, settle };
      if (!this.flight || this.flight.patched) return this.takeOff();
      this.hurry(this.flight);
    });
  }

  private takeOff(): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = undefined;
    const flight: Flight = { patched: false, startedAt: performance.now() };
    this.flight = flight;
    const deliver = (id: number, patch: RunPatch): void => {
      flight.patched = true;
      // The worker gets the newer request first: it computes while the page draws.
      if (this.flight === flight) this.takeOff();
      waiting.onPatch(id, patch);
    };
    const outcome = this.call<RunOutcome>(async (api) => api.run(waiting.request, Comlink.proxy(deliver))).catch((error: unknown): RunOutcome => ({
      kind: 'failed',
      code: 'internal',
      happened: `The compute worker stopped: ${error instanceof Error ? error.message : String(error)}`,
      mend: 'It was started again; change something or reload the page to run once more.',
    }));
    waiting.settle(outcome);
    void outcome.finally(() => {
      if (this.flight === flight) this.flight = undefined;
      this.takeOff();
    });
  }

  /** Ends the run in flight when it has shown nothing for too long. */
  private hurry(flight: Flight): void {
    const wait = PATIENCE - (performance.now() - flight.startedAt);
    if (wait <= 0) return this.cancelFlight();
    setTimeout(() => { if (this.flight === flight && this.waiting) this.cancelFlight(); }, wait);
  }

  private cancelFlight(): void {
    this.call((api) => api.cancel()).catch(() => undefined);
  }

  cancel(): void {
    this.waiting?.settle({ kind: 'stale' });
    this.waiting = undefined;
    this.cancelFlight();
  }

  /** Not repeated after a crash: the run that follows does all of it. */
  prepare(lab: string, query: string): void {
    this.call((api) => api.prepare(lab, query)).catch(() => undefined);
  }

  async loadMatrix(...matrix: Parameters<ComputeApi['loadMatrix']>): Promise<string> {
    const key = await this.call((api) => send(api, matrix));
    this.matrices.set(key, matrix);
    return key;
  }

  dropMatrix(key: string): void {
    this.matrices.delete(key);
    this.call((api) => api.dropMatrix(key)).catch(() => undefined);
  }

  verify = (request: VerifyRequest, onCase: (verdict: CaseVerdict) => void): Promise<VerifyResult> =>
    this.call((api) => api.verify(request, Comlink.proxy(onCase)));

  ceilings = (): Promise<Ceilings> => this.call((api) => api.ceilings());

  time = (kernel: string, caseName: string, variant?: string): Promise<Timing> => this.call((api) => api.time(kernel, caseName, variant));

  choices = (): ReturnType<ComputeApi['choices']> => this.call((api) => api.choices());

  remeasure = (...sizes: Parameters<ComputeApi['remeasure']>): ReturnType<ComputeApi['remeasure']> => this.call((api) => api.remeasure(...sizes));

  forgetChoices = (): Promise<void> => this.call((api) => api.forgetChoices());

  dispose(): void {
    this.connection.worker.terminate();
  }
}
