/** What the page asks of the report worker, which holds the opened model and an engine of its own. */

import type { ModelTensor } from '../../inputs/model';
import type { Choice, ReportEvent, ReportMethodId, ReportOptions } from '../../report/contract';
import type { EngineChoice, EngineStatus } from '../compute';

/** Errors cross to the page as sentences. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly happened: string;
  readonly mend: string;
}

/** A file of this machine, or one that the remote document reads for us, by its number there. */
export type Handle =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'remote'; readonly name: string; readonly size: number; readonly number: number; readonly port: MessagePort };

export interface ModelInfo {
  readonly name: string;
  readonly format: string;
  /** Bytes of all files. */
  readonly size: number;
  readonly tensors: readonly ModelTensor[];
}

/** A file written by this page's export. */
export interface QuantizedInfo {
  readonly name: string;
  readonly size: number;
  /** Name of the file it was made from. */
  readonly source: string;
  readonly tensors: number;
}

export type Opened = { readonly kind: 'model'; readonly model: ModelInfo } | { readonly kind: 'quantized'; readonly quantized: QuantizedInfo };

/** One tensor read back from an export. */
export interface ReadBack {
  readonly tensor: string;
  readonly id: ReportMethodId;
  readonly bits: number;
  /** As the export wrote it. */
  readonly reported?: number;
  /** Against the original that is open here; absent without it. */
  readonly measured?: number;
}

export type Outcome = { readonly kind: 'done' } | { readonly kind: 'cancelled' } | ({ readonly kind: 'failed' } & Omit<Refusal, 'ok'>);

/** What can be cancelled. */
export type Task = 'measure' | 'write' | 'read';

/** Implemented in report-service.ts, reached through Comlink. Callbacks are Comlink proxies. */
export interface ReportApi {
  start(choice: EngineChoice, onStatus: (status: EngineStatus) => void): Promise<Answer<EngineStatus>>;
  /** A quantized file is recognised and leaves the opened model in its place. */
  open(handles: readonly Handle[]): Promise<Answer<Opened>>;
  /** A second file with sensitivities under the tensors' names. */
  openSensitivity(handles: readonly Handle[]): Promise<Answer<ModelInfo>>;
  close(): void;
  /** Weights per second with these options, from a small piece of the model. */
  pace(options: ReportOptions): Promise<Answer<number>>;
  /** Measures the named tensors; events come as they are known. */
  measure(options: ReportOptions, tensors: readonly string[], onEvent: (event: ReportEvent) => void): Promise<Outcome>;
  pause(on: boolean): void;
  cancel(task: Task): void;
  write(options: ReportOptions, choices: Readonly<Record<string, Choice>>, onProgress: (done: number, total: number) => void): Promise<Answer<Blob>>;
  readBack(onTensor: (tensor: ReadBack) => void): Promise<Outcome>;
}
