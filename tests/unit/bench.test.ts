import { describe, expect, it } from 'vitest';
import { kernels } from '../../kernels/registry';
import { createRng } from '../../kernels/rng';
import { evalShape, sizeOf } from '../../kernels/shape';
import { runBench, type BenchEvent } from '../../src/bench/bench';
import { runContest, rowsOf, type Contest } from '../../src/bench/contest';
import { contestsFor } from '../../src/bench/contests';
import { checkedRows, deviates, gather, judgeRows } from '../../src/bench/contests/data';
import { toMarkdown, toText, verdictOf } from '../../src/bench/document';
import { ownKernel } from '../../src/bench/own';
import { race, ratioOf, spreadOf, wallSampler } from '../../src/bench/race';
import type { BenchReport, TargetRow } from '../../src/bench/report';
import type { Rival } from '../../src/bench/rivals';
import { benchCase } from '../../src/bench/shapes';
import { raceKernel } from '../../src/bench/suite';
import { formatSeconds } from '../../src/bench/tables';
import { answer, densityTarget } from '../../src/bench/targets';
import { judge } from '../../src/bench/tasks';
import { ArgumentError, parse } from '../../src/cli/bench/arguments';
import { coldMissing, coldRows, coldTargets } from '../../src/cli/bench/cold';
import { planOf, progressOf } from '../../src/cli/bench/plan';
import { fma } from '../../kernels/fma/fma';
import type { AnyKernel } from '../../kernels/define';
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
    expect(a).toEqual({ median: 2, low: 1.5, high: 2.5, min: 1, rounds: 3, samples: [1, 3, 2] });
    expect(b).toEqual(spreadOf([5, 5, 5]));
  });

  it('drops a contender that fails, and says why', async () => {
    const [lost, other] = await race([{ sample: async () => { throw new Error('device lost'); } }, { sample: async () => 1 }], 3);
    expect(lost).toEqual(new Error('device lost'));
    expect(other).toMatchObject({ median: 1, rounds: 3 });
  });

  it('gives a slow contender fewer turns', async () => {
    const late = { sample: () => new Promise<number>((done) => { setTimeout(done, 15, 1); }) };
    const [slow, quick] = await race([late, { sample: async () => 1 }], 7, { slow: 0.01 });
    expect([slow, quick]).toMatchObject([{ rounds: 3 }, { rounds: 7 }]);
  });

  it('ends with the reason of its signal, between two turns', async () => {
    const stop = new AbortController();
    let turns = 0;
    const racer = { sample: async () => { if (++turns === 4) stop.abort(new Error('enough')); return 1; } };
    await expect(race([racer, racer], 9, { signal: stop.signal })).rejects.toThrow('enough');
    expect(turns).toBe(4);
  });

  it('compares medians, and round by round', () => {
    const ratio = ratioOf(spreadOf([2, 4, 6]), spreadOf([1, 4, 2]));
    expect(ratio).toEqual({ ofMedians: 2, ofLeast: 2, median: 2, low: 1.5, high: 2.5 });
    expect(ratioOf(spreadOf([6]), spreadOf([3, 1, 9])).median).toBe(2);
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

/** The reference engine under the name of a device, with a variant that is right and one that is wrong. */
function deviceWith(variants: readonly string[]): Engine {
  const engine = Object.assign(new ReferenceEngine(), { kind: 'webgpu', variantsFor: () => variants }) as unknown as Engine;
  const runOnce = engine.runOnce.bind(engine);
  engine.runOnce = async (kernel, inputs, dims, options) => {
    const outputs = await runOnce(kernel, inputs, dims, options);
    if (options?.variant === 'wrong') outputs.y[3] += 1;
    return outputs;
  };
  Object.assign(engine.device, { software: true });
  return engine;
}

describe('kernels', () => {
  it('are checked before they are timed', async () => {
    const rows = await raceKernel(deviceWith(['right', 'wrong']), named('fma')[0], { rounds: 3 });
    const row = (contender: string) => rows.find((r) => r.contender === contender);
    expect(rows.map((r) => r.contender)).toEqual(['right', 'wrong', 'reference, TypeScript']);
    expect([row('wrong')?.correct, row('wrong')?.time]).toEqual([false, undefined]);
    expect(row('wrong')?.check).toMatch(/nmse .* > 1e-12/);
    expect(row('right')).toMatchObject({ correct: true, clock: 'wall', chosen: true });
    expect(row('right')?.intensity).toBeGreaterThan(1);
    expect(row('reference, TypeScript')).toMatchObject({ clock: 'cpu', kind: 'reference' });
  });
});

describe('contest', () => {
  const data = Float32Array.from({ length: 64 }, (_, i) => i / 64);
  const dims = { N: 64, S: 4 };
  const oracle = fma.reference({ x: data }, dims, {}).y;
  const contest: Contest = {
    id: 'fma', work: 'chains', shape: '64',
    own: [ownKernel('ours', { kernel: fma as unknown as AnyKernel, dims }, { x: { data, shape: [64] } }, (out) => judge(out, oracle, 1e-12))],
    task: { kind: 'matmul', M: 1, N: 1, K: 1, a: data, b: data },
    judge: (out, bound) => judge(out, oracle, bound),
  };
  const way = (name: string, out: Float32Array, milliseconds: number) => ({
    label: `library ${name}`, way: name, compute: async () => out, dispose: () => {},
    batch: (inner: number) => new Promise<void>((done) => { setTimeout(done, milliseconds * inner); }),
  });
  const rival: Rival = {
    id: 'ort', label: 'library', assertions: [], cold: { contender: 'library', kind: 'rival', what: '', steps: [], total: 0, fresh: false },
    prepare: async () => [way('slow', oracle, 20), way('quick', oracle, 10), way('wrong', oracle.map((x) => x + 1), 1)], dispose: () => {},
  };
  const absent: Rival = { ...rival, id: 'jax', label: 'absent', prepare: async () => { throw new Error('no device'); } };

  it('times what is right, on one clock, and answers with the fastest of them', async () => {
    const entrants = await runContest(new ReferenceEngine(), contest, [rival, absent], { rounds: 3 });
    expect(entrants.map(({ label, verdict, time }) => [label, verdict.correct, time !== undefined])).toEqual([
      ['fma', true, true], ['library slow', true, true], ['library quick', true, true], ['library wrong', false, false], ['absent', false, false],
    ]);
    expect(entrants.at(-1)?.verdict.check).toBe('failed: no device');
    const rows = rowsOf(entrants);
    expect(Object.keys(rows[0].rivals ?? {})).toEqual(['library slow', 'library quick']);
    const ceilings = { bytesPerSecond: 1e9, flopsPerSecond: 1e30 };
    const line = (question: Parameters<typeof answer>[2]): TargetRow => answer(contest, entrants, question, ceilings);
    const fastest = line({ kind: 'rival', ours: 'ours', rival: 'ort', name: 'fastest', bound: 1 });
    expect(fastest).toMatchObject({ against: 'fastest: library quick', held: true, sense: 'at least', bound: 1 });
    expect(fastest.value).toBeCloseTo((rows[2].time?.median ?? 0) / (rows[0].time?.median ?? 0), 9);
    expect(line({ kind: 'rival', ours: 'ours', rival: 'ort', name: 'one way', way: /wrong/, bound: 1 })).toMatchObject({ check: expect.stringMatching(/^WRONG: nmse/), bound: 1 });
    expect(line({ kind: 'rival', ours: 'ours', rival: 'ort', name: 'one way', way: /wrong/, bound: 1 })).not.toHaveProperty('held');
    expect(line({ kind: 'rival', ours: 'ours', rival: 'tfjs', name: 'TensorFlow.js', bound: 1 }).check).toBe('did not take part');
    expect(line({ kind: 'own', ours: 'ours', base: 'ours', name: 'itself', quantity: 'bytes', bound: 0.9 })).toMatchObject({ value: 1, held: false });
    expect(line({ kind: 'dispatches', ours: 'ours', bound: 2 })).toMatchObject({ value: 1, held: true });
    expect(line({ kind: 'ceiling', ours: 'ours', bound: 0.5 })).toMatchObject({ held: false });
  });

  it('checks some rows of a large output, the first and the last among them', () => {
    const rows = checkedRows(1000, 1e7);
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([10, 0, 999]);
    expect(checkedRows(5, 10)).toEqual([0, 1, 2, 3, 4]);
    const output = Float32Array.from({ length: 2000 }, (_, i) => i);
    const verdict = judgeRows(rows, 1000, 2, () => gather(output, 2, rows));
    expect(verdict(output, 0)).toEqual({ correct: true, check: 'nmse 0.0e+0 in 10 of 1000 rows' });
    expect(verdict(output.map((x, i) => (i === 1999 ? 0 : x)), 1e-12).correct).toBe(false);
    expect(verdict(output.subarray(2), 1).check).toMatch(/1998 numbers where 2000/);
  });

  it('draws numbers of mean 0 and variance 1, others for another seed', () => {
    const [a, b] = [deviates(1, 1e5), deviates(2, 1e5)];
    const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(mean([...a]))).toBeLessThan(0.02);
    expect(mean([...a].map((x) => x * x))).toBeCloseTo(1, 1);
    expect(Math.abs(mean([...a].map((x, i) => x * b[i])))).toBeLessThan(0.02);
  });

  it.each([true, false])('has sizes of its own for devices (software %s), each about kernels that exist', (software) => {
    const known = new Set(kernels.map(({ name }) => name));
    for (const { kernels: about } of contestsFor(software)) expect(about.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('benchmark', () => {
  it('tells what it does as it goes, and times TypeScript alone where there is no device', async () => {
    const events: BenchEvent[] = [];
    const report = await runBench(new ReferenceEngine(), { host: 'browser', kernels: named('csr_add_carries'), proof: 'all', rivals: ['ort'], rounds: 3, onEvent: (event) => events.push(event) });
    expect(report.rows).toMatchObject([{ kind: 'reference', correct: true }]);
    expect([report.targets, report.cold, report.density]).toEqual([[], [], []]);
    const progress = events.filter((event) => event.kind === 'progress');
    expect(progress[0]).toMatchObject({ done: 0, planned: 3 });
    expect(progress.at(-1)).toMatchObject({ done: 3, planned: 3 });
    expect(events.filter(({ kind }) => kind === 'rows')).toHaveLength(1);
    expect(structuredClone(report)).toEqual(report);
  });

  it('stops when it is told to', async () => {
    const bench = runBench(new ReferenceEngine(), { host: 'browser', kernels: named('copy'), proof: [], rivals: [], rounds: 3, signal: AbortSignal.abort(new Error('stopped')) });
    await expect(bench).rejects.toThrow('stopped');
  });

  it('holds block-sparse attention to its density on software, and to a speed-up on a GPU', () => {
    const row = { kernel: 'attention_blocks', what: 'clusters of one size', tokens: 512, channels: 32, share: 0.125, ratio: 0.15, low: 0.14, high: 0.16 };
    expect(densityTarget(row, true)).toMatchObject({ value: 1.2, bound: 1.25, sense: 'at most', held: true });
    expect(densityTarget({ ...row, ratio: 0.16 }, true).held).toBe(false);
    expect(densityTarget(row, false)).toMatchObject({ value: 1 / 0.15, bound: 5, sense: 'at least', held: true });
    expect(densityTarget({ ...row, what: 'band' }, true)).not.toHaveProperty('held');
  });
});

describe('report', () => {
  it.each([[2.5, '2.50 s'], [0.00123, '1.23 ms'], [4.5e-5, '45.0 µs'], [3e-7, '300 ns']])('writes %d s as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('says that a software adapter is no GPU, and marks wrong results', () => {
    const rates = { bytesPerSecond: 1e9, flopsPerSecond: 2e9 };
    const report: BenchReport = {
      host: 'browser',
      device: { engine: 'webgpu', label: 'SwiftShader', vendor: 'google', architecture: 'swiftshader', software: true, features: [], limits: {} },
      ceilings: { ...rates, before: rates, after: rates },
      rows: [{ kernel: 'copy', dims: { N: 4 }, contender: 'vec4', kind: 'variant', clock: 'wall', correct: false, check: '1 of 4 differ' }],
      targets: [], density: [], skew: [], cold: [], runs: [], notes: [],
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
    expect(toMarkdown(report, {})).not.toMatch(/Written by/);
  });

  it('counts what was held, and shows the rest beside', () => {
    const line = { id: 'a', work: 'f32 matmul', shape: '256', ours: 'register', against: 'a library', quantity: 'time', sense: 'at least', check: 'right' } as const;
    const targets: TargetRow[] = [{ ...line, value: 7, bound: 6, held: true }, { ...line, value: 5, bound: 6, held: false }, { ...line, bound: 6 }, { ...line, value: 3 }];
    expect(verdictOf(targets)).toBe('1 of 2 targets held, 1 not measured');
    expect(verdictOf(targets.slice(3))).toBe('');
  });
});

describe('command', () => {
  const visits = [
    { id: 'lab', label: 'lab, as it opens', engine: 'reference', seconds: { median: 1, samples: [1, 1, 2] } },
    { id: 'lab-webgpu', label: 'lab on WebGPU', engine: 'webgpu', seconds: { median: 4, samples: [4, 4, 4] } },
    { id: 'tfjs-256', label: 'TensorFlow.js', engine: 'webgpu', seconds: { median: 2, samples: [2, 3, 2] } },
  ];

  it('asks of the cold start that the lab as it opens is ahead; on WebGPU beside', () => {
    expect(coldRows(visits)).toMatchObject([{ kind: 'ours', total: 1, fresh: true }, { kind: 'ours', total: 4 }, { kind: 'rival', total: 2 }]);
    expect(coldTargets(visits)).toMatchObject([{ id: 'cold/lab/tfjs-256', value: 2, held: true, spread: { median: 2 } }, { id: 'cold/lab-webgpu/tfjs-256', value: 0.5 }]);
    expect(coldTargets(visits)[1]).not.toHaveProperty('held');
    expect(verdictOf([...coldTargets(visits), coldMissing('no browser')])).toBe('1 of 1 targets held, 1 not measured');
  });

  it('tells each unit of work once, as it begins', () => {
    const lines: string[] = [];
    const tell = progressOf((line) => lines.push(line));
    for (const done of [0, 0.5, 1, 1, 1.5, 2]) tell({ kind: 'progress', done, planned: 2, what: `unit ${Math.floor(done)}` });
    expect(lines).toEqual(['1 of 2  unit 0', '2 of 2  unit 1']);
  });
});

describe('arguments', () => {
  it.each([
    [['--only', 'nope'], /--only is "nope"/], [['--only'], /--only needs a value/], [['--rounds', '1'], /--rounds must be/], [['--fast'], /--fast is not an option/],
  ])('refuses %o with a sentence', (argv, sentence) => {
    expect(() => parse(argv)).toThrow(ArgumentError);
    expect(() => parse(argv)).toThrow(sentence);
  });

  it('plans the table alone, one kernel with its lines, or everything', () => {
    expect(planOf(parse(['--proof']))).toMatchObject({ kernels: [], proof: 'all', rivals: ['tfjs', 'ort', 'jax'], wholeRuns: true });
    expect(planOf(parse(['--only', 'matmul', '--no-rivals']))).toMatchObject({ kernels: ['matmul'], proof: ['matmul'], rivals: [], wholeRuns: false });
    expect(planOf(parse(['--dawn']))).toMatchObject({ kernels: kernels.map(({ name }) => name), proof: 'all', rivals: [] });
  });

  it('takes names one by one or in a list', () => {
    expect(parse(['--only', 'copy,fma', '--only', 'matmul', '--dawn', '--json', 'x.json'])).toMatchObject({ only: ['copy', 'fma', 'matmul'], dawn: true, write: false, rounds: 7, json: 'x.json' });
  });
});
