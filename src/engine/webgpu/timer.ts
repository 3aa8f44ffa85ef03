/** Times launches on the device by the timing contract: GPU timestamps where the device has them, else the wall clock. */

import { EngineError, type Timing } from '../engine';
import { detectQuantum, positiveDeltas, quantile, summarize, targetLength, wallClockQuantum } from '../timing';
import type { Faults } from './faults';

export interface TimerOptions {
  /** Seconds to spend, about. */
  readonly budget: number;
  readonly minimumSamples: number;
  readonly signal?: AbortSignal;
}

/** Encodes the launch once into a pass. */
export type Encode = (pass: GPUComputePassEncoder) => void;

const MOST_SAMPLES = 30;
const MOST_REPEATS = 1 << 16;
/** A candidate so many times slower than the best in its calibration is timed no further. */
const HOPELESS = 3;
const QUERIES = 2 * MOST_SAMPLES;

/** How a launch is sampled: `length` is the seconds of one sample. */
interface Plan {
  readonly method: Timing['method'];
  readonly repeats: number;
  readonly length: number;
}

export class GpuTimer {
  /** Stamps of the first passes, from which the clock's step is found. */
  private stamps: bigint[] = [];
  private querySet: GPUQuerySet | undefined;
  private resolved: GPUBuffer | undefined;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly device: GPUDevice, private readonly faults: Faults) {}

  /** One at a time: two timings side by side would time each other. */
  time(encode: Encode, options: TimerOptions): Promise<Timing> {
    const job = this.tail.then(() => this.measure(encode, options));
    this.tail = job.catch(() => undefined);
    return job;
  }

  private async measure(encode: Encode, { budget, minimumSamples, signal }: TimerOptions): Promise<Timing> {
    const { method, repeats, length } = await this.calibrate(encode, { budget, minimumSamples, signal });
    const samples: number[] = [];
    const wanted = Math.min(MOST_SAMPLES, Math.max(minimumSamples, Math.floor(budget / Math.max(length, 1e-9))));
    let late = 0;
    const deadline = performance.now() + 4000 * budget;
    while (samples.length < wanted) {
      signal?.throwIfAborted();
      // About 100 ms in a submission at most: the page's own drawing waits for the same device.
      const count = Math.max(1, Math.min(wanted - samples.length, Math.floor(0.1 / Math.max(length, 1e-9))));
      samples.push(...(await this.sample(method, encode, repeats, count)));
      if (performance.now() > deadline && (samples.length >= 3 || ++late > 20)) break;
    }
    if (!samples.length) throw new EngineError('internal', 'The device clock gave no usable time.', 'Time it again.');
    return summarize(samples, repeats, method, this.quantum(method));
  }

  /**
   * Times several launches against each other: after a calibration of each, `rounds` in which every one takes its turn.
   * @returns in the order given. One that its calibration shows hopeless takes no part in the rounds and keeps that figure
   */
  race(encodes: readonly Encode[], options: { readonly rounds: number; readonly budget: number; readonly signal?: AbortSignal }): Promise<Timing[]> {
    const job = this.tail.then(() => this.runRace(encodes, options));
    this.tail = job.catch(() => undefined);
    return job;
  }

  private async runRace(encodes: readonly Encode[], { rounds, budget, signal }: { readonly rounds: number; readonly budget: number; readonly signal?: AbortSignal }): Promise<Timing[]> {
    const entrants: { encode: Encode; plan: Plan; samples: number[] }[] = [];
    for (const encode of encodes) entrants.push({ encode, plan: await this.calibrate(encode, { budget, minimumSamples: rounds, signal }), samples: [] });
    const each = ({ plan }: (typeof entrants)[number]): number => plan.length / plan.repeats;
    const best = Math.min(...entrants.map(each));
    const racing = entrants.filter((entrant) => each(entrant) <= HOPELESS * best);
    for (let round = 0; round < rounds; round++) {
      for (const { encode, plan, samples } of racing) {
        signal?.throwIfAborted();
        samples.push(...(await this.sample(plan.method, encode, plan.repeats, 1)));
      }
    }
    return entrants.map(({ plan: { method, repeats, length }, samples }) => summarize(samples.length ? samples : [length], repeats, method, this.quantum(method)));
  }

  private sample = (method: Timing['method'], encode: Encode, repeats: number, count: number): Promise<number[]> =>
    method === 'timestamp' ? this.stampSamples(encode, repeats, count) : this.wallSamples(encode, repeats, count);

  private quantum = (method: Timing['method']): number => (method === 'timestamp' ? detectQuantum(this.stamps) * 1e-9 : wallClockQuantum());

  /** Warms up, then finds how many launches make a sample far longer than the clock's step. */
  private async calibrate(encode: Encode, { budget, minimumSamples, signal }: TimerOptions): Promise<Plan> {
    let method: Timing['method'] = this.device.features.has('timestamp-query') ? 'timestamp' : 'wall';
    await this.sample(method, encode, 1, 1); // first touch of memory and pipeline
    for (let repeats = 1; ;) {
      signal?.throwIfAborted();
      const samples = (await this.sample(method, encode, repeats, 2)).sort((a, b) => a - b);
      const length = samples.length ? quantile(samples, 0.5) : 0;
      const target = targetLength(this.quantum(method));
      if (length >= target || repeats >= MOST_REPEATS || length * minimumSamples > budget) {
        // A clock that never moves, not even over the longest pass, measures nothing.
        if (length > 0 || method === 'wall') return { method, repeats, length };
        [method, repeats] = ['wall', 1];
        continue;
      }
      const factor = length > 0 ? (1.2 * target) / length : 16;
      repeats = Math.min(MOST_REPEATS, Math.ceil(repeats * Math.min(16, Math.max(2, factor))));
    }
  }

  private async wallSamples(encode: Encode, repeats: number, count: number): Promise<number[]> {
    const { device, faults } = this;
    const samples: number[] = [];
    await faults.guard(device.queue.onSubmittedWorkDone());
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      faults.watch('while it was timed', () => {
        const encoder = device.createCommandEncoder();
        encodePass(encoder, encode, repeats);
        device.queue.submit([encoder.finish()]);
      });
      await faults.guard(device.queue.onSubmittedWorkDone());
      samples.push((performance.now() - start) / 1000);
    }
    await faults.check();
    return samples;
  }

  private async stampSamples(encode: Encode, repeats: number, count: number): Promise<number[]> {
    const { device, faults } = this;
    const bytes = 16 * count;
    const readback = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      faults.watch('while it was timed', () => {
        const querySet = (this.querySet ??= device.createQuerySet({ type: 'timestamp', count: QUERIES }));
        const resolved = (this.resolved ??= device.createBuffer({ size: 8 * QUERIES, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC }));
        const encoder = device.createCommandEncoder();
        for (let i = 0; i < count; i++) {
          encodePass(encoder, encode, repeats, { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 });
        }
        encoder.resolveQuerySet(querySet, 0, 2 * count, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, readback, 0, bytes);
        device.queue.submit([encoder.finish()]);
      });
      await faults.guard(readback.mapAsync(GPUMapMode.READ));
      await faults.check();
      const stamps = [...new BigUint64Array(readback.getMappedRange().slice(0))];
      if (this.stamps.length < 256) this.stamps.push(...stamps);
      return positiveDeltas(stamps);
    } finally {
      readback.destroy();
    }
  }
}

function encodePass(encoder: GPUCommandEncoder, encode: Encode, repeats: number, timestampWrites?: GPUComputePassTimestampWrites): void {
  const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
  encode(pass);
  for (let i = 1; i < repeats; i++) encode(pass);
  pass.end();
}
