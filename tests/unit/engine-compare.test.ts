/** The judge must condemn: each rule is shown a wrong output. */

import { describe, expect, test } from 'vitest';
import { kernels } from '../../kernels/registry';
import { caseInputs } from '../../src/engine/cases';
import { compareOutput, nmse } from '../../src/engine/compare';

const f32 = (...values: number[]): Float32Array => new Float32Array(values);
const u32 = (...values: number[]): Uint32Array => new Uint32Array(values);

describe('nmse', () => {
  const rule = { kind: 'nmse', bound: 1e-6 } as const;
  test('of equal tensors is zero', () => expect(compareOutput(rule, f32(1, 2), f32(1, 2))).toEqual({ ok: true, detail: 'nmse 0.0e+0' }));
  test('is ‖out − oracle‖² / ‖oracle‖²', () => expect(nmse(f32(1, 1), f32(1, 2))).toBeCloseTo(0.2, 12));
  test('beyond the bound fails, with both figures', () => expect(compareOutput(rule, f32(1.1), f32(1))).toEqual({ ok: false, detail: 'nmse 1.0e-2 > 1e-6' }));
  test('NaN and infinity fail', () => {
    expect(compareOutput(rule, f32(Number.NaN), f32(1)).ok).toBe(false);
    expect(compareOutput(rule, f32(Infinity), f32(0)).ok).toBe(false);
  });
  test('a zero oracle wants zeros', () => {
    expect(compareOutput(rule, f32(0), f32(0)).ok).toBe(true);
    expect(compareOutput(rule, f32(0.1), f32(0)).ok).toBe(false);
  });
  test('another length fails', () => expect(compareOutput(rule, f32(1), f32(1, 2)).ok).toBe(false));
});

describe('exact', () => {
  test('names the first that differs', () => {
    expect(compareOutput({ kind: 'exact' }, u32(1, 2, 4), u32(1, 3, 4))).toEqual({ ok: false, detail: '1 of 3 differ; the first at 1: 2 for 3' });
    expect(compareOutput({ kind: 'exact' }, f32(0, 1), f32(-0, 1)).ok).toBe(true);
  });
});

describe('codes', () => {
  const rule = { kind: 'codes', bits: 4, maxTies: 1 } as const;
  test('a neighbour at a tie is legal, as often as is allowed', () => {
    expect(compareOutput(rule, u32(0x12), u32(0x11)).ok).toBe(true);
    expect(compareOutput(rule, u32(0x0f), u32(0x00)).ok).toBe(true); // −1 for 0
    expect(compareOutput(rule, u32(0x22), u32(0x11)).ok).toBe(false);
  });
  test('two steps are never legal', () => expect(compareOutput({ ...rule, maxTies: 9 }, u32(0x13), u32(0x11)).ok).toBe(false));
  test('the sign bit of the last nibble counts', () => expect(compareOutput({ ...rule, maxTies: 0 }, u32(0x80000000), u32(0)).ok).toBe(false));
});

describe('case tables', () => {
  test('give the same numbers every time', () => {
    for (const kernel of kernels) for (const entry of kernel.cases) expect(caseInputs(kernel, entry)).toEqual(caseInputs(kernel, entry));
  });
  test('name their cases apart', () => {
    for (const kernel of kernels) expect(new Set(kernel.cases.map(({ name }) => name)).size).toBe(kernel.cases.length);
  });
});
