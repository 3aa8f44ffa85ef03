/** Stages remembered by what they depend on: moving the rank must not redo the SVD. */

interface Entry {
  readonly value: Promise<unknown>;
}

export class Memo {
  private readonly stages = new Map<string, Map<string, Entry>>();
  /** Seconds of each stage computed since `takeTimes`. */
  private times: Record<string, number> = {};

  /** @param keep how many results of each stage are remembered */
  constructor(private readonly keep = 6) {}

  /** `deps` is everything the result depends on, as plain values; upstream stages enter by their own deps. */
  get<T>(stage: string, deps: readonly unknown[], compute: () => Promise<T> | T): Promise<T> {
    const key = JSON.stringify(deps);
    const known = this.stages.get(stage) ?? new Map<string, Entry>();
    this.stages.set(stage, known);
    const hit = known.get(key);
    if (hit) {
      known.delete(key);
      known.set(key, hit); // most recent last
      return hit.value as Promise<T>;
    }
    const start = performance.now();
    const value = Promise.resolve().then(compute);
    known.set(key, { value });
    value.then(
      () => { this.times[stage] = (performance.now() - start) / 1000; },
      () => { known.delete(key); },
    );
    for (const oldest of known.keys()) {
      if (known.size <= this.keep) break;
      known.delete(oldest);
    }
    return value;
  }

  takeTimes(): Record<string, number> {
    const { times } = this;
    this.times = {};
    return times;
  }

  clear(): void {
    this.stages.clear();
  }
}
