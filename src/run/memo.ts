/** Stages remembered by what they depend on: moving the rank must not redo the SVD. */

interface Entry {
  readonly value: Promise<unknown>;
  readonly forget: () => void;
  /** Bytes of its arrays; 0 while it is being computed. */
  bytes: number;
  /** What its owner goes on filling: counted again at each use. */
  grows?: unknown;
}

/** Half a gibibyte: some two settings of a layer of 4,096 × 4,096 with every tensor of its strip, and thousands of a toy. */
const MOST_BYTES = 2 ** 29;

export class Memo {
  private readonly stages = new Map<string, Map<string, Entry>>();
  /** Least recently used first. */
  private readonly order = new Set<Entry>();
  private held = 0;
  /** Seconds of each stage computed since `takeTimes`. */
  private times: Record<string, number> = {};

  /**
   * @param keep how many results of each stage are remembered
   * @param room bytes of arrays remembered in all; the newest result stays, however large
   */
  constructor(private readonly keep = 6, private readonly room = MOST_BYTES) {}

  /** `deps` is everything the result depends on, as plain values; upstream stages enter by their own deps. */
  get<T>(stage: string, deps: readonly unknown[], compute: () => Promise<T> | T): Promise<T> {
    const key = JSON.stringify(deps);
    const known = this.stages.get(stage) ?? new Map<string, Entry>();
    this.stages.set(stage, known);
    const hit = known.get(key);
    if (hit) {
      known.delete(key);
      known.set(key, hit); // most recent last
      this.order.delete(hit);
      this.order.add(hit);
      if (hit.grows) this.weigh(hit, hit.grows);
      return hit.value as Promise<T>;
    }
    const start = performance.now();
    const value = Promise.resolve().then(compute);
    const entry: Entry = { value, bytes: 0, forget: () => { if (known.get(key) === entry) known.delete(key); } };
    known.set(key, entry);
    this.order.add(entry);
    value.then(
      (result) => {
        this.times[stage] = (performance.now() - start) / 1000;
        if (this.order.has(entry)) this.weigh(entry, result);
      },
      () => { this.drop(entry); },
    );
    for (const oldest of known.values()) {
      if (known.size <= this.keep) break;
      this.drop(oldest);
    }
    return value;
  }

  /** Bytes of arrays remembered; an array in two results counts twice. */
  get bytes(): number {
    return this.held;
  }

  private weigh(entry: Entry, result: unknown): void {
    if (result instanceof Map || result instanceof Memo) entry.grows = result;
    this.held -= entry.bytes;
    entry.bytes = bytesOf(result);
    this.held += entry.bytes;
    for (const oldest of this.order) {
      if (this.held <= this.room) return;
      if (oldest !== entry && oldest.bytes > 0) this.drop(oldest);
    }
  }

  private drop(entry: Entry): void {
    entry.forget();
    if (this.order.delete(entry)) this.held -= entry.bytes;
  }

  takeTimes(): Record<string, number> {
    const { times } = this;
    this.times = {};
    return times;
  }

  clear(): void {
    this.stages.clear();
    this.order.clear();
    this.held = 0;
  }
}

/** What is in a list, a map or plain data; nothing of any other object. */
function valuesOf(part: object): readonly unknown[] {
  if (Array.isArray(part)) return part;
  if (part instanceof Map) return [...part.values()];
  return Object.getPrototypeOf(part) === Object.prototype ? Object.values(part) : [];
}

/** Bytes of the buffers that a result holds on to, each counted once. Lists of plain numbers count eight bytes a number. */
function bytesOf(result: unknown): number {
  const seen = new Set<unknown>();
  const count = (part: unknown): number => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return 0;
    seen.add(part);
    if (ArrayBuffer.isView(part)) return count(part.buffer);
    if (part instanceof ArrayBuffer) return part.byteLength;
    if (part instanceof Memo) return part.bytes;
    const values = valuesOf(part);
    if (typeof values[0] === 'number') return 8 * values.length;
    return values.reduce((sum: number, value) => sum + count(value), 0);
  };
  return count(result);
}
