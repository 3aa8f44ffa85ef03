import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/golden';
import { parseArguments, UsageError } from '../../src/cli/golden-arguments';
import { compare, ruleFor } from '../../src/golden/compare';
import { flatten } from '../../src/golden/evaluate';
import { parseJson } from '../../src/golden/json';
import { readNpy, writeNpy } from '../../src/inputs/npy';

const golden = process.env.PAPERKERNELS_GOLDEN;

describe('rules', () => {
  test.each([
    ['exact', { kind: 'exact' }, [1, 0, 3], [1, -0, 3], [1, 2, 4]],
    ['codes', { kind: 'codes', equal: 0.75, step: 1 }, [1, 2, 3, 5], [1, 2, 3, 4], [1, 2, 3, 6]],
    ['codes by share', { kind: 'codes', equal: 0.75 }, [1, 2, 3, 9], [1, 2, 3, 4], [1, 2, 4, 5]],
    ['frobenius', { kind: 'frobenius', bound: 0.1 }, [3.3, 4], [3, 4], [4, 4]],
    ['relative', { kind: 'relative', bound: 0.1 }, [1.05, 0], [1, 0], [1, 1e-9]],
    ['largest', { kind: 'largest', bound: 0.01 }, [100.5, 0.1], [100, 0.5], [102, 0.5]],
    ['absolute', { kind: 'absolute', bound: 0.5 }, [1.4], [1], [1.6]],
  ] as const)('%s: one that holds, one that fails', (_, rule, good, expected, bad) => {
    expect(compare('q', good, expected, rule).ok).toBe(true);
    expect(compare('q', bad, expected, rule).ok).toBe(false);
  });

  test('NaN and a wrong length never pass', () => {
    for (const kind of ['frobenius', 'relative', 'largest', 'absolute'] as const) {
      expect(compare('q', [Number.NaN, 1], [1, 1], { kind, bound: 1 }).ok).toBe(false);
      expect(compare('q', [1], [1, 1], { kind, bound: 1 }).ok).toBe(false);
    }
    expect(compare('q', [Number.NaN], [1], { kind: 'exact' }).ok).toBe(false);
  });

  test('NaN against NaN and Infinity against Infinity hold: the official code divided by zero too', () => {
    for (const rule of [{ kind: 'exact' }, { kind: 'relative', bound: 0.1 }, { kind: 'frobenius', bound: 0.1 }] as const) {
      expect(compare('q', [Number.NaN, 1], [Number.NaN, 1], rule).ok).toBe(rule.kind !== 'frobenius');
      expect(compare('q', [1, 1], [Number.NaN, 1], rule).ok).toBe(false);
    }
    expect(compare('q', [Infinity], [Infinity], { kind: 'relative', bound: 0.1 }).ok).toBe(true);
    expect(compare('q', [1], [Infinity], { kind: 'relative', bound: 0.1 }).ok).toBe(false);
  });

  test('a floor: what is smaller is compared as if it were as large', () => {
    const rule = { kind: 'relative', bound: 0.1, floor: 1e-3 } as const;
    expect(compare('q', [1e-5, 1], [0, 1], rule).ok).toBe(true);
    expect(compare('q', [2e-4, 1], [0, 1], rule).ok).toBe(false);
    expect(compare('q', [1e-5, 1.2], [0, 1], rule).ok).toBe(false);
  });

  test('JSON as Python writes it: NaN and infinities are numbers, in strings they are words', () => {
    expect(parseJson('{"a": [NaN, -Infinity, Infinity, 1], "b": "NaN, \\"Infinity", "NaN": null}')).toEqual({ a: [Number.NaN, -Infinity, Infinity, 1], b: 'NaN, "Infinity', NaN: null });
    expect(() => parseJson('{"a": NaN1}')).toThrow(SyntaxError);
  });

  test('slack widens bounds on reals and leaves decisions', () => {
    expect(compare('q', [1.5], [1], { kind: 'relative', bound: 0.1 }, 10).ok).toBe(true);
    expect(compare('q', [2], [1], { kind: 'codes', equal: 0.9 }, 10).ok).toBe(false);
  });

  test('the first pattern that matches rules', () => {
    const rules = { 'a.b*': { kind: 'exact' }, '*': { kind: 'absolute', bound: 1 } } as const;
    expect(ruleFor(rules, 'a.bc')?.kind).toBe('exact');
    expect(ruleFor(rules, 'axbc')?.kind).toBe('absolute');
    expect(ruleFor({ a: { kind: 'exact' } }, 'ab')).toBeUndefined();
  });

  test('scalars flatten to paths, lists stay whole, texts are left out', () => {
    expect([...flatten({ a: 1, b: { c: [1, 2], d: 'text' } })]).toEqual([['a', [1]], ['b.c', [1, 2]]]);
  });
});

describe('arguments', () => {
  test('several prefixes, comma-separated ones, an engine and a directory', () => {
    expect(parseArguments(['cases', '--only', 'a,b', '--only=c', '--engine', 'webgpu', '--write', 'out']))
      .toEqual({ folder: 'cases', only: ['a', 'b', 'c'], engine: 'webgpu', write: 'out' });
  });
  test.each([[[]], [['a', 'b']], [['a', '--engine', 'cuda']], [['a', '--only']], [['a', '--fast']]])('%j cannot be used', (argv) => {
    expect(() => parseArguments(argv)).toThrow(UsageError);
  });
});

describe('the runner', () => {
  let folder = '';
  const printed: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'));
    printed.length = 0;
    for (const stream of ['log', 'error'] as const) vi.spyOn(console, stream).mockImplementation((text: string) => { printed.push(text); });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  /** x = [7, −3.5, 0.5, 1.5]: scale 1, codes 7 −4 0 2. */
  async function int4Case(name: string, codes: readonly number[], algorithm = 'int4_symmetric_rtn'): Promise<void> {
    const at = join(folder, name);
    await mkdir(at);
    await writeFile(join(at, 'case.json'), JSON.stringify({ algorithm, params: { group_size: 4 }, expected_scalars: {} }));
    await writeFile(join(at, 'in_x.npy'), writeNpy('<f4', [1, 4], [7, -3.5, 0.5, 1.5]));
    await writeFile(join(at, 'out_codes.npy'), writeNpy('|i1', [1, 4], codes));
  }

  test('a case that holds, one that does not, and an algorithm nobody knows', async () => {
    await int4Case('good', [7, -4, 0, 2]);
    expect(await main([folder])).toBe(0);
    expect(printed.at(-1)).toBe('1 passed, 0 failed');
    await int4Case('wrong', [7, -3, 0, 2]);
    await int4Case('unknown', [7, -4, 0, 2], 'no_such_algorithm');
    expect(await main([folder])).toBe(1);
    expect(printed.at(-1)).toBe('1 passed, 2 failed');
    expect(printed.join('\n')).toMatch(/FAIL {2}unknown .*no_such_algorithm is not known/);
    expect(printed.join('\n')).toMatch(/FAIL {2}wrong .*1 of 4 differ/);
  });

  test('an output nobody computes fails the case', async () => {
    await int4Case('extra', [7, -4, 0, 2]);
    await writeFile(join(folder, 'extra', 'out_mystery.npy'), writeNpy('<f4', [1], [0]));
    expect(await main([folder])).toBe(1);
    expect(printed.join('\n')).toContain('mystery');
  });

  test('--only chooses by algorithm; --write stores what was computed, in the files\' own types', async () => {
    await int4Case('good', [7, -4, 0, 2]);
    await int4Case('unknown', [7, -4, 0, 2], 'no_such_algorithm');
    expect(await main([folder, '--only', 'int4', '--write', join(folder, 'written')])).toBe(0);
    const codes = readNpy(await readFile(join(folder, 'written', 'good', 'out_codes.npy')));
    expect([codes.dtype, [...codes.shape], [...codes.data]]).toEqual(['|i1', [1, 4], [7, -4, 0, 2]]);
    expect(JSON.parse(await readFile(join(folder, 'written', 'good', 'scalars.json'), 'utf8'))).toEqual({});
  });

  test('a folder that is missing, empty, or without the algorithm: a sentence and exit 2', async () => {
    expect(await main([join(folder, 'nowhere')])).toBe(2);
    expect(await main([folder])).toBe(2);
    await int4Case('good', [7, -4, 0, 2]);
    expect(await main([folder, '--only', 'svd'])).toBe(2);
    for (const text of printed) expect(text).toMatch(/\.$/);
  });
});

// The folder of golden cases is not part of the repository.
describe.skipIf(!golden)('the golden cases (ABSENT unless PAPERKERNELS_GOLDEN names their folder)', () => {
  test('rounding, GPTQ and the SVD agree', async () => {
    expect(existsSync(join(golden ?? '', 'index.json'))).toBe(true);
    const output = await new Promise<string>((resolve, reject) => {
      const only = 'float_codebook_rounding,int4_symmetric_rtn,gptq_fixed_group_scales,oracle_svd';
      execFile('node', ['scripts/run.mjs', 'cli/golden', golden ?? '', '--only', only], (error, stdout) => (error ? reject(new Error(stdout)) : resolve(stdout)));
    });
    expect(output).toMatch(/6 passed, 0 failed/);
  }, 60_000);
});
