/** What an engine has done since it was opened: tests and the page read it, nothing decides by it. */

export interface Counters {
  /** Kernels that scopes launched. Launches that a timing repeats are not among them. */
  readonly launches: number;
  /** Command buffers handed to the device for scopes; on the reference engine, reads. */
  readonly submissions: number;
  readonly uploads: number;
  readonly uploadedBytes: number;
  /** Tensors brought to the host. */
  readonly readbacks: number;
  readonly readBytes: number;
  /** Pipelines compiled; a text is compiled once for a device. None on the reference engine. */
  readonly pipelines: number;
  /** Buffers made; a buffer used again is not made again. */
  readonly buffers: number;
  /** Bytes of the buffers that exist now, those free in the pool included. */
  readonly heldBytes: number;
  readonly bindGroups: number;
  /** Comparisons of variants on the device, each of which times every candidate. */
  readonly choices: number;
}

export type Ledger = { -readonly [K in keyof Counters]: number };

export const newLedger = (): Ledger => ({
  launches: 0, submissions: 0, uploads: 0, uploadedBytes: 0, readbacks: 0, readBytes: 0, pipelines: 0, buffers: 0, heldBytes: 0, bindGroups: 0, choices: 0,
});

/** What was done between two snapshots; `heldBytes` is the growth. */
export function countersSince(before: Counters, after: Counters): Counters {
  const names = Object.keys(after) as (keyof Counters)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Counters;
}
