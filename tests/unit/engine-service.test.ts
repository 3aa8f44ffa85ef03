/** The compute service and its client over a real message channel: order, staleness, backpressure, crashes. */

import * as Comlink from 'comlink';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { copy } from '../../kernels/copy/copy';
import type { AnyKernel } from '../../kernels/define';
import type { EngineStatus, RunRequest } from '../../src/app/compute';
import { ComputeClient, type WorkerLike } from '../../src/app/compute-client';
import { ComputeService } from '../../src/app/compute-service';
import { packed } from '../../src/app/transfer';
import { EngineError } from '../../src/engine/engine';
import { openEngine } from '../../src/engine/open';
import type { Pace } from '../../src/engine/pace';
import { ReferenceEngine } from '../../src/engine/reference';
import type { Paper } from '../../src/papers/contract';
import { paper as svdquant } from '../../src/papers/svdquant/paper';
import { defaultsOf, ParamError } from '../../src/run/schema';
import type { RunPatch } from '../../src/run/run';

const request = (id: number, extra: Partial<RunRequest> = {}): RunRequest => ({ id, lab: 'probe', params: { value: id }, files: {}, want: [], link: '', ...extra });
const sleep = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** A lab that shows its parameter, then works on in `stages` steps. */
function probe(stages = 3, step = 2): { paper: Paper; computed: unknown[] } {
  const computed: unknown[] = [];
  const paper: Paper = {
    id: 'probe',
    schema: {},
    fileInputs: ['weights'],
    async *experiment({ params, pause, memo, files }): AsyncGenerator<RunPatch, void, void> {
      const value = await memo.get('value', [params.value], () => { computed.push(params.value); return Number(params.value); });
      if (params.fail === 'param') throw new ParamError('rank', '--rank is "x", but it must be a whole number.');
      if (params.fail === 'engine') throw new EngineError('limit-too-small', 'Too large.', 'Make it smaller.');
      if (params.fail === 'program') throw new TypeError('undefined is not a function');
      yield { scalars: { value, weight: files.weights?.data[0] ?? 0 } };
      for (let i = 0; i < stages; i++) {
        await pause();
        await sleep(step);
        yield { scalars: { stage: i } };
      }
    },
  };
  return { paper, computed };
}

const serve = (paper: Paper): ComputeService =>
  new ComputeService({ open: (choice) => openEngine(choice, undefined), papers: { probe: async () => ({ paper }) }, kernels: async () => [copy as unknown as AnyKernel] });

describe('the service', () => {
  test('delivers every patch before the outcome, and remembers stages', async () => {
    const { paper, computed } = probe();
    const service = serve(paper);
    const status = await service.start('auto', () => {});
    expect(status).toMatchObject({ losses: 0, device: { engine: 'reference' }, notices: [{ code: 'no-webgpu', level: 'degraded' }] });
    const patches: RunPatch[] = [];
    expect(await service.run(request(7), (_, patch) => patches.push(patch))).toEqual({ kind: 'done' });
    expect(patches.map(({ scalars }) => scalars?.stage)).toEqual([undefined, 0, 1, 2]);
    await service.run(request(7), () => {});
    expect(computed).toEqual([7]);
  });

  test('a newer run makes the older one stale at its next pause, and waits for it', async () => {
    const service = serve(probe(1000).paper);
    await service.start('reference', () => {});
    const seen: number[] = [];
    const first = service.run(request(1), (id) => seen.push(id));
    await sleep(15);
    const second = service.run({ ...request(2), params: { value: 2 } }, (id) => seen.push(id));
    await sleep(15);
    service.cancel();
    expect(await first).toEqual({ kind: 'stale' });
    expect(await second).toEqual({ kind: 'stale' });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen)).toEqual(new Set([1, 2]));
  });

  test('a run asked for and overtaken before it began computes nothing', async () => {
    const { paper, computed } = probe(2);
    const service = serve(paper);
    await service.start('reference', () => {});
    const outcomes = await Promise.all([1, 2, 3].map((id) => service.run(request(id), () => {})));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stale', 'stale', 'done']);
    expect(computed).not.toContain(2);
  });

  test('failures are outcomes with sentences', async () => {
    const service = serve(probe().paper);
    await service.start('reference', () => {});
    const fail = (kind: string) => service.run(request(1, { params: { fail: kind } }), () => {});
    expect(await fail('param')).toMatchObject({ kind: 'failed', code: 'input', happened: expect.stringContaining('--rank') });
    expect(await fail('engine')).toEqual({ kind: 'failed', code: 'limit-too-small', happened: 'Too large.', mend: 'Make it smaller.' });
    expect(await fail('program')).toMatchObject({ kind: 'failed', code: 'internal', happened: expect.stringContaining('TypeError') });
    expect(await service.run(request(1, { lab: 'nowhere' }), () => {})).toMatchObject({ kind: 'failed', happened: 'There is no lab named nowhere.' });
    expect(await service.run(request(1, { files: { weights: 'gone' } }), () => {})).toMatchObject({ kind: 'failed', code: 'input' });
    expect(await service.run(request(2), () => {})).toEqual({ kind: 'done' });
  });

  test('matrices enter by key; unusable ones are refused', async () => {
    const service = serve(probe(0).paper);
    await service.start('reference', () => {});
    const key = await service.loadMatrix('w.npy', 2, 2, new Float32Array([5, 6, 7, 8]));
    const patches: RunPatch[] = [];
    await service.run(request(1, { files: { weights: key } }), (_, patch) => patches.push(patch));
    expect(patches[0].scalars?.weight).toBe(5);
    await expect(service.loadMatrix('w.npy', 2, 3, new Float32Array(4))).rejects.toThrow(/2 × 3 is 6 numbers, but 4/);
    await expect(service.loadMatrix('w.npy', 1, 1, new Float32Array([Number.NaN]))).rejects.toThrow(/w\.npy/);
  });

  test('verify says that the reference engine has nothing to verify', async () => {
    const service = serve(probe().paper);
    await service.start('reference', () => {});
    await expect(service.verify({ kernel: 'copy' }, () => {})).rejects.toMatchObject({ code: 'no-webgpu' });
    await expect(service.verify({ kernel: 'nothing' }, () => {})).rejects.toThrow(/no kernel named nothing/);
    expect((await service.time('copy', '256')).median).toBeGreaterThan(0);
  });
});

/** A worker made of a message channel; `crash` does what a script error does. */
class ChannelWorker extends EventTarget implements WorkerLike {
  private readonly channel = new MessageChannel();
  constructor(service: ComputeService) {
    super();
    Comlink.expose(service, this.channel.port2);
    this.channel.port1.addEventListener('message', ({ data }) => { this.dispatchEvent(new MessageEvent('message', { data })); });
    this.channel.port1.start();
  }
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.channel.port1.postMessage(message, transfer as never);
  }
  crash(): void {
    this.terminate();
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  }
  terminate(): void {
    this.channel.port1.close();
    this.channel.port2.close();
  }
}

/** Bytes of the arrays of numbers above 1 KB in a message, by whether they are handed over. */
function carried(message: unknown, transfer: readonly unknown[], into = { copied: 0, handedOver: 0 }): { copied: number; handedOver: number } {
  if (ArrayBuffer.isView(message)) {
    if (message.byteLength > 1024) into[transfer.includes(message.buffer) ? 'handedOver' : 'copied'] += message.byteLength;
  } else if (typeof message === 'object' && message !== null && !(message instanceof MessagePort) && !(message instanceof ArrayBuffer)) {
    for (const part of Object.values(message)) carried(part, transfer, into);
  }
  return into;
}

describe('messages', () => {
  const sent = { copied: 0, handedOver: 0 };
  beforeAll(() => {
    const { postMessage } = MessagePort.prototype;
    vi.spyOn(MessagePort.prototype, 'postMessage').mockImplementation(function (this: MessagePort, message: unknown, transfer?: unknown) {
      carried(message, Array.isArray(transfer) ? transfer : [], sent);
      postMessage.call(this, message, transfer as StructuredSerializeOptions);
    });
  });
  afterAll(() => { vi.restoreAllMocks(); });

  test('every large array of numbers is handed over, in and out, and neither side loses its own', async () => {
    const service = new ComputeService({ open: (choice) => openEngine(choice, undefined), papers: { svdquant: async () => ({ paper: svdquant }) }, kernels: async () => [] });
    const client = new ComputeClient(() => new ChannelWorker(service));
    await client.start('reference', () => {});
    const weights = Float32Array.from({ length: 48 * 32 }, (_, i) => Math.sin(i));
    const key = await client.loadMatrix('w.npy', 48, 32, weights);
    expect(weights).toHaveLength(48 * 32);
    expect(sent).toEqual({ copied: 0, handedOver: weights.byteLength });
    const params = { ...defaultsOf(svdquant.schema), tokens: 24, in: 48, out: 32, rank: 3, group: '16' };
    const run = async (): Promise<RunPatch[]> => {
      const patches: RunPatch[] = [];
      expect(await client.run({ id: 1, lab: 'svdquant', params, files: { weights: key }, want: ['methods'], link: '' }, (_, patch) => patches.push(patch))).toEqual({ kind: 'done' });
      return patches;
    };
    const [first, again] = [await run(), await run()];
    expect(sent.copied).toBe(0);
    expect(sent.handedOver).toBeGreaterThan(10 * weights.byteLength);
    expect(Object.keys(first[0].stages ?? {}).length).toBeGreaterThan(3);
    expect(again[0].stages).toEqual(first[0].stages); // from the worker's memory, which kept its arrays
    client.dispose();
  });

  test('what is not plain numbers is left alone', () => {
    const [large, small] = [new Float32Array(300).fill(2), new Float32Array(3)];
    const data = { large, twice: [large, large.subarray(0, 280)], small, list: Array.from({ length: 1000 }, (_, i) => i), none: null, text: 'x' };
    const { value, buffers } = packed(data);
    expect(value).toEqual(data);
    expect(buffers).toHaveLength(2);
    expect(value.large).toBe(value.twice[0]);
    expect(value.large).not.toBe(large);
    expect([value.small, value.list]).toEqual([small, data.list]);
    expect(value.list).toBe(data.list);
  });
});

describe('idle moments', () => {
  const slow = { label: 'llvmpipe', key: 'k' };
  const parts = (pace: () => Promise<Pace>) => ({ open: async () => ({ engine: new ReferenceEngine(), software: slow }), papers: { probe: async () => ({ paper: probe(1).paper }) }, kernels: async () => [], pace });

  test('the pace of a software adapter is measured once nothing is asked for, and told', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let measured = 0;
    const statuses: EngineStatus[] = [];
    const service = new ComputeService(parts(async () => { measured++; return { webgpu: 0.002, reference: 0.001, measuredAt: 1 }; }));
    await service.start('auto', (status) => statuses.push(status));
    expect(statuses.at(-1)).toMatchObject({ choice: 'auto', software: { label: 'llvmpipe', pace: undefined }, notices: [{ code: 'software-adapter', happened: expect.stringContaining('llvmpipe') }] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(measured).toBe(0);
    const run = service.run(request(1), () => {});
    await vi.advanceTimersByTimeAsync(1000);
    expect([await run, measured]).toEqual([{ kind: 'done' }, 0]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(measured).toBe(1);
    expect(statuses.at(-1)?.software?.pace).toEqual({ webgpu: 0.002, reference: 0.001, measuredAt: 1 });
    expect(statuses.at(-1)?.notices).toEqual(statuses[0].notices); // nothing on the page moves
    const next = service.run(request(2), () => {});
    await vi.advanceTimersByTimeAsync(5000);
    expect([await next, measured]).toEqual([{ kind: 'done' }, 1]);
    vi.useRealTimers();
  });

  test('a run ends a measurement that has begun', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let signal: AbortSignal | undefined;
    const service = new ComputeService({ ...parts(() => new Promise(() => {})), pace: (_engine, _adapter, stop) => { signal = stop; return new Promise(() => {}); } });
    await service.start('auto', () => {});
    await vi.advanceTimersByTimeAsync(2000);
    expect(signal?.aborted).toBe(false);
    const run = service.run(request(1), () => {});
    expect(signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(await run).toEqual({ kind: 'done' });
    vi.useRealTimers();
  });
});

describe('the client', () => {
  test('one run in flight, the newest waiting, those between dropped; the one in flight still shows its core', async () => {
    const { paper, computed } = probe(200, 5);
    const client = new ComputeClient(() => new ChannelWorker(serve(paper)));
    await client.start('reference', () => {});
    const shown: number[] = [];
    const runs = Array.from({ length: 8 }, (_, i) => client.run(request(i, { params: { value: i } }), (id, patch) => { if (patch.scalars?.value !== undefined) shown.push(id); }));
    await expect.poll(() => shown).toEqual([0, 7]);
    client.cancel();
    expect((await Promise.all(runs)).map(({ kind }) => kind)).toEqual(Array(8).fill('stale'));
    expect(computed).toEqual([0, 7]);
    client.dispose();
  });

  test('after a crash: a new worker, the same engine and files, the run repeated', async () => {
    const workers: ChannelWorker[] = [];
    const client = new ComputeClient(() => {
      const worker = new ChannelWorker(serve(probe(10, 5).paper));
      workers.push(worker);
      return worker;
    });
    const statuses: string[] = [];
    await client.start('reference', ({ device }) => statuses.push(device.engine));
    const key = await client.loadMatrix('w.npy', 1, 1, new Float32Array([9]));
    const weights: unknown[] = [];
    const run = client.run(request(1, { files: { weights: key } }), (_, patch) => {
      if (patch.scalars?.weight !== undefined) weights.push(patch.scalars.weight);
    });
    await expect.poll(() => weights).toEqual([9]);
    workers[0].crash();
    expect(await run).toEqual({ kind: 'done' });
    expect(workers).toHaveLength(2);
    expect(weights).toEqual([9, 9]);
    expect(statuses).toEqual(['reference', 'reference']);
    client.dispose();
  });

  test('a worker that crashes again ends the run with a sentence', async () => {
    const workers: ChannelWorker[] = [];
    const client = new ComputeClient(() => {
      const worker = new ChannelWorker(serve(probe(1000, 5).paper));
      workers.push(worker);
      return worker;
    });
    await client.start('reference', () => {});
    let patches = 0;
    const run = client.run(request(1), () => { patches++; });
    await expect.poll(() => patches).toBeGreaterThan(0);
    workers[0].crash();
    await expect.poll(() => workers.length).toBe(2);
    const before = patches;
    await expect.poll(() => patches).toBeGreaterThan(before);
    workers[1].crash();
    expect(await run).toMatchObject({ kind: 'failed', code: 'internal', happened: expect.stringContaining('out of memory') });
    client.dispose();
  });
});
