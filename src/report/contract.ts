/** "Your model": every matrix of a file against every method. Plain data between the reader, the terminal and the page. */

import type { Model } from '../inputs/model';

export type ReportMethodId = 'rtn' | 'nf4' | 'nvfp4' | 'mxfp4' | 'svdquant' | 'dense-and-sparse' | 'kmeans';

export const REPORT_METHODS: readonly ReportMethodId[] = ['rtn', 'nf4', 'nvfp4', 'mxfp4', 'svdquant', 'dense-and-sparse', 'kmeans'];

export interface ReportOptions {
  /** Bits of the codes where the method lets one choose, 2 to 8. NF4, NVFP4 and MXFP4 have 4. */
  readonly bits: number;
  readonly methods: readonly ReportMethodId[];
  /** Weights per scale of round-to-nearest, NF4 and the rounded residual. */
  readonly group: number;
  /** Rank of SVDQuant's 16-bit branch. */
  readonly rank: number;
  /** Share of the weights kept sparse by magnitude, percent. */
  readonly outlierPercent: number;
  /** Share kept sparse by sensitivity, percent (0 without a sensitivity). */
  readonly sensitivePercent: number;
  /** Of the k-means: all weights alike, by w², or by a second file with tensors of the same names. */
  readonly sensitivity: 'uniform' | 'magnitude' | 'file';
  /** Further widths measured for the mixed-precision suggestion. */
  readonly otherBits: readonly number[];
  /** At most so many rows of a tensor are measured, evenly spread (0: all). Rows are then a sample, and the result says so. */
  readonly maxRows: number;
}

export interface ReportControl {
  readonly signal: AbortSignal;
  /** Awaited between blocks: lets waiting messages in, and a paused report waits here. */
  readonly pause: () => Promise<void>;
  /** Only these tensors; all without it. What a resumed report asks for. */
  readonly only?: ReadonlySet<string>;
  /** Sensitivities (`sensitivity: 'file'`): tensors of the same names and shapes. */
  readonly sensitivities?: Model;
}

/** One method on one tensor, in the stored precision: what an export would hold and a reader would get back. */
export interface ReportMeasure {
  readonly id: ReportMethodId;
  readonly bits: number;
  /** ‖Ŵ − W‖_F / ‖W‖_F */
  readonly relativeError: number;
  /** −20 log10(relativeError), dB; Infinity where the error is 0. */
  readonly sqnrDb: number;
  /**
   * Root mean square of ŵ − w over `stats.bulk`. Where a few weights carry the norm, the relative error hides what
   * happens to all others; near 1 and above, the ordinary weights drown in the error.
   */
  readonly bulkError: number;
  /** Codes, scales, codebooks, sparse values with columns and row pointers, branch. Not the zeros that pad a row's last word of codes. */
  readonly bitsPerWeight: number;
}

export interface TensorStats {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation, the "spread". */
  readonly std: number;
  /** Spread of the bulk, whatever its outliers: IQR / 1.349, a normal's standard deviation; `std` where the quartiles are equal. */
  readonly bulk: number;
  /** Fourth standardised moment minus 3. */
  readonly excessKurtosis: number;
  /** Share of |w| ≥ fence, 0 to 1; of |w| > fence where the quartiles are equal. */
  readonly outlierShare: number;
  /** max(|q1 − 1.5 IQR|, |q3 + 1.5 IQR|), with the exact quartiles. */
  readonly fence: number;
  /** Counts of equal bins from −limit to limit; what lies beyond is in the outer bins. */
  readonly histogram: { readonly limit: number; readonly counts: readonly number[] };
}

export interface TensorReport {
  readonly tensor: string;
  readonly file: string;
  readonly shape: readonly number[];
  readonly matrix: readonly [rows: number, cols: number];
  readonly dtype: string;
  /** Of the stored file. */
  readonly bytes: number;
  readonly stats: TensorStats;
  /** At the chosen bits, one per method, in the order of the options. */
  readonly methods: readonly ReportMeasure[];
  /** At the other widths. */
  readonly others: readonly ReportMeasure[];
  /** Rows measured, where not all were; then every figure is of this sample, and the low-rank branch is fitted to it. */
  readonly sampledRows?: number;
  /** What the reader must know of this tensor: sentences. */
  readonly notes?: readonly string[];
  readonly seconds: number;
}

/** A tensor that was not measured, and why, as a sentence. */
export interface SkippedTensor {
  readonly tensor: string;
  readonly file: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: number;
  readonly reason: string;
}

/** What an export does with a tensor; 'keep' leaves it as it is stored. */
export interface Choice {
  readonly id: ReportMethodId | 'keep';
  readonly bits: number;
}

export type ReportEvent =
  /** `done` of `total` tensors; `weightsDone` goes on within a tensor. */
  | { readonly kind: 'progress'; readonly tensor: string; readonly done: number; readonly total: number; readonly weightsDone: number; readonly weightsTotal: number }
  | { readonly kind: 'tensor'; readonly report: TensorReport }
  | { readonly kind: 'skipped'; readonly skipped: SkippedTensor };
