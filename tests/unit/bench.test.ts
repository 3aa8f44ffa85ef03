import { describe, expect, it } from 'vitest';
import { kernels } from '../../kernels/registry';
import { createRng } from '../../kernels/rng';
import { evalShape, sizeOf } from '../../kernels/shape';
import { ArgumentError, parse } from '../../src/bench/arguments';
import type { Rival } from '../../src/bench/contenders';
import { race, spreadOf, wallSampler } from '../../src/bench/race';
import { formatSeconds, toMarkdown, toText, type BenchReport } from '../../src/bench/report';
import { benchCase } from '../../src/bench/shapes';
import { runSuite } from '../../src/bench/suite';
import type { Engine } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';

const named = (name: string) => kernels.filter((kernel) => kernel.name === name);

describe('benchmark sizes', () => {
  it.each(kernels.map((kernel) => [kernel.name, kernel] as const))('%s has sizes for every symbol, and data that follow them', (_, kernel) => {
    const [software, gpu] = [benchCase(kernel, true), benchCase(kernel, false)];
    for (const [name, data] of Object.entries(software.inputs?.(createRng(0), software.dims) ?? {})) {
      expect([name, data?.length]).toEqual([name, sizeOf(evalShape(kernel.inputSpecs[name], software.dims))]);
    }
    const { bytes } = kernel.cost(software.dims);
    expect(bytes).toBeGreaterThan(1e4);
    expect(kernel.cost(gpu.dims).bytes).toBeGreaterThan(bytes);
    expect(kernel.cost(gpu.dims).bytes).toBeLessThan(3e8);
  });
});

describe('race', () => {
  it('gives everyone a turn in every round, after one untimed turn', async () => {
    const turns: string[] = [];
    const racer = (name: string, times: number[]) => ({ sample: async () => (turns.push(name), times.shift() ?? Number.NaN) });
    const [a, b] = await race([racer('a', [99, 1, 3, 2]), racer('b', [99, 5, 5, 5])], 3);
    expect(turns.join('')).toBe('abababab');
    expect(a).toEqual({ median: 2, low: 1.5, high: 2.5, rounds: 3 });
    expect(b).toEqual(spreadOf([5, 5, 5]));
  });

  it('drops a contender that fails, and says why', async () => {
    const [lost, other] = await race([{ sample: async () => { throw new Error('device lost'); } }, { sample: async () => 1 }], 3);
    expect(lost).toEqual(new Error('device lost'));
    expect(other).toMatchObject({ median: 1, rounds: 3 });
  });

  it('times batches that are long enough, per operation', async () => {
    const batches: number[] = [];
    const sample = wallSampler((inner) => { batches.push(inner); return new Promise((done) => setTimeout(done, 2 * inner)); }, 0.02);
    const seconds = await sample();
    expect(batches.at(-1)).toBeGreaterThan(4);
    expect(seconds).toBeGreaterThan(0.0015);
    expect(seconds).toBeLessThan(0.02);
  });
});

describe('suite', () => {
  /** The reference engine under the name of a device, with a variant that is right and one that is wrong. */
  const engine: Engine = Object.assign(new ReferenceEngine(), { kind: 'webgpu', variantsFor: () => ['right', 'wrong'] }) as unknown as Engine;
  const runOnce = engine.runOnce.bind(engine);
  engine.runOnce = async (kernel, inputs, dims, options) => {
    const outputs = await runOnce(kernel, inputs, dims, options);
    if (options?.variant === 'wrong') outputs.y[3] += 1;
    return outputs;
  };
  Object.assign(engine.device, { software: true });

  it('checks before it times, and compares with rivals on one clock', async () => {
    const rival: Rival = {
      label: 'rival',
      prepare: async ({ kernel, inputs, dims }) => ({
        compute: async () => kernel.reference({ ...inputs }, dims, {}),
        batch: (inner) => new Promise((done) => setTimeout(done, 5 * inner)),
        dispose: () => {},
      }),
    };
    const { rows } = await runSuite(engine, named('fma'), { host: 'dawn', rounds: 3, rivals: [rival] });
    const row = (contender: string) => rows.find((r) => r.contender === contender);
    expect(rows.map((r) => r.contender)).toEqual(['right', 'wrong', 'rival', 'right (queue)', 'wrong (queue)', 'reference, TypeScript']);
    expect([row('wrong')?.correct, row('wrong')?.time]).toEqual([false, undefined]);
    expect(row('wrong')?.check).toMatch(/nmse .* > 1e-12/);
    expect(row('right')).toMatchObject({ correct: true, clock: 'wall' });
    expect(row('right')?.rooflineShare).toBeGreaterThan(0);
    expect(row('rival')?.time?.median).toBeGreaterThan(0.004);
    expect(row('right (queue)')?.rivals?.rival).toBeCloseTo((row('rival')?.time?.median ?? 0) / (row('right (queue)')?.time?.median ?? 0), 9);
  });
});

describe('report', () => {
  it.each([[2.5, '2.50 s'], [0.00123, '1.23 ms'], [4.5e-5, '45.0 µs'], [3e-7, '300 ns']])('writes %d s as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('says that a software adapter is no GPU, and marks wrong results', () => {
    const report: BenchReport = {
      host: 'browser',
      device: { engine: 'webgpu', label: 'SwiftShader', vendor: 'google', architecture: 'swiftshader', software: true, features: [], limits: {} },
      ceilings: { bytesPerSecond: 1e9, flopsPerSecond: 2e9 },
      rows: [{ kernel: 'copy', dims: { N: 4 }, contender: 'vec4', kind: 'variant', clock: 'wall', correct: false, check: '1 of 4 differ' }],
      notes: [],
    };
    const machine = { date: 'today', cpu: 'a CPU', program: 'Chromium 1', system: 'Linux', load: [1, 2] } as const;
    const sparse = { kernel: 'attention_blocks', what: 'clusters of one size', tokens: 512, channels: 32, share: 0.25, ratio: 0.3, low: 0.29, high: 0.32 };
    expect(toText({ ...report, density: [sparse] })).toMatch(/25\.0 % +0\.300 +0\.290 – 0\.320 +1\.20/);
    expect(toMarkdown({ ...report, density: [sparse] }, machine, 'x')).toMatch(/## Sparse attention[^#]*\| 25\.0 % \| 0\.300 /);
    expect(toMarkdown(report, machine, 'x')).not.toMatch(/Sparse attention/);
    const markdown = toMarkdown(report, machine, 'npm run bench');
    expect(markdown).toMatch(/No GPU took part/);
    expect(markdown).toMatch(/WRONG: 1 of 4 differ \| not timed/);
    expect(toText(report)).toMatch(/WRONG/);
    expect(toMarkdown({ ...report, device: { ...report.device, software: false } }, machine, 'x')).not.toMatch(/No GPU/);
  });
});

describe('arguments', () => {
  it.each([
    [['--only', 'nope'], /--only is "nope"/], [['--only'], /--only needs a value/], [['--rounds', '1'], /--rounds must be/], [['--fast'], /--fast is not an option/],
  ])('refuses %o with a sentence', (argv, sentence) => {
    expect(() => parse(argv)).toThrow(ArgumentError);
    expect(() => parse(argv)).toThrow(sentence);
  });

  it('takes names one by one or in a list', () => {
    expect(parse(['--only', 'copy,fma', '--only', 'matmul', '--dawn', '--json', 'x.json'])).toMatchObject({ only: ['copy', 'fma', 'matmul'], dawn: true, write: false, rounds: 7, json: 'x.json' });
  });
});
