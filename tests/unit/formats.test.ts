import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  decodeE2m1, decodeE4m3, decodeNf4, deriveNf4, E2M1, E2M1_MAGNITUDES, E2M1_MIDPOINTS, encodeE2m1, encodeE4m3, encodeNf4,
  exponentOf, mxScale, NF4, NF4_MIDPOINTS, normalCdf, normalQuantile, roundE2m1, roundE4m3, type Tie,
} from '../../kernels/formats';
import { packGroups } from '../../kernels/formats/pack';
import { unpackCodes } from '../../kernels/nibbles';

const TIES: readonly Tie[] = ['larger', 'even'];

/** Nearest of a list by search, which is what the encoders must agree with away from ties. */
const nearest = (levels: readonly number[], x: number): number =>
  levels.reduce((best, level) => (Math.abs(level - x) < Math.abs(best - x) ? level : best));

describe('E2M1', () => {
  test('the sixteen codes in the order of their bits', () => {
    expect([...E2M1]).toEqual([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6]);
  });

  test.each(TIES)('every code survives a round trip, −0 as 0 (ties: %s)', (tie) => {
    for (let code = 0; code < 16; code++) expect(encodeE2m1(decodeE2m1(code), tie)).toBe(code === 8 ? 0 : code);
  });

  test('ties to the larger value, in both signs', () => {
    E2M1_MIDPOINTS.forEach((midpoint, i) => {
      expect(roundE2m1(midpoint, 'larger')).toBe(E2M1_MAGNITUDES[i + 1]);
      expect(roundE2m1(-midpoint, 'larger')).toBe(0 - E2M1_MAGNITUDES[i]);
    });
  });

  test('ties to even: .25→0 .75→1 1.25→1 1.75→2 2.5→2 3.5→4 5→4', () => {
    const expected = [0, 1, 1, 2, 2, 4, 4];
    E2M1_MIDPOINTS.forEach((midpoint, i) => {
      expect(roundE2m1(midpoint, 'even')).toBe(expected[i]);
      expect(roundE2m1(-midpoint, 'even')).toBe(0 - expected[i]);
    });
  });

  test.each(TIES)('nearest everywhere else, saturating at 6 (ties: %s)', (tie) => {
    for (let x = -8; x <= 8; x += 1 / 64) {
      if (E2M1_MIDPOINTS.includes(Math.abs(x) as never)) continue;
      expect(Math.abs(roundE2m1(x, tie) - nearest([...E2M1], x)), `at ${x}`).toBe(0);
    }
    expect(roundE2m1(1e30, tie)).toBe(6);
    expect(roundE2m1(-1e30, tie)).toBe(-6);
  });
});

describe('E4M3', () => {
  const finite = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => (byte & 0x7f) !== 0x7f);
  const positive = finite.filter((byte) => byte < 0x80).map(decodeE4m3);

  test('anchor values', () => {
    expect(decodeE4m3(0x7e)).toBe(448);
    expect(decodeE4m3(0x08)).toBe(2 ** -6);
    expect(decodeE4m3(0x01)).toBe(2 ** -9);
    expect(decodeE4m3(0xff)).toBeNaN();
    expect(roundE4m3(0.3, 'larger')).toBe(0.3125);
    expect(roundE4m3(100, 'even')).toBe(96);
    expect(roundE4m3(100, 'larger')).toBe(104);
    expect(roundE4m3(1000, 'larger')).toBe(448);
    expect(roundE4m3(-1000, 'even')).toBe(-448);
    expect(roundE4m3(Number.NaN, 'even')).toBeNaN();
  });

  test.each(TIES)('all 254 finite codes survive a round trip (ties: %s)', (tie) => {
    for (const byte of finite) expect(encodeE4m3(decodeE4m3(byte), tie)).toBe(byte === 0x80 ? 0 : byte);
    expect(encodeE4m3(Number.NaN, tie)).toBe(0x7f);
  });

  test('all 126 midpoints, both rules, both signs', () => {
    for (let i = 0; i + 1 < positive.length; i++) {
      const [low, high] = [positive[i], positive[i + 1]];
      const middle = (low + high) / 2;
      expect(roundE4m3(middle, 'larger')).toBe(high);
      expect(roundE4m3(-middle, 'larger')).toBe(0 - low);
      expect(roundE4m3(middle, 'even')).toBe(i % 2 === 0 ? low : high); // code i has an even mantissa when i is even
      expect(roundE4m3(-middle, 'even')).toBe(0 - (i % 2 === 0 ? low : high));
      const below = middle * (1 - 2 ** -40);
      expect(roundE4m3(below, 'larger')).toBe(low);
      expect(roundE4m3(middle * (1 + 2 ** -40), 'even')).toBe(high);
    }
    expect(positive).toHaveLength(127);
  });

  test('exponentOf is exact at and just below powers of two', () => {
    for (let e = -1000; e < 1023; e++) {
      expect(exponentOf(2 ** e)).toBe(e);
      expect(exponentOf(2 ** e * (1 - Number.EPSILON / 2))).toBe(e - 1);
    }
  });
});

describe('MXFP4 scale', () => {
  test('2^(floor(log2 absmax) − 2), 0 → 1', () => {
    expect([0, 1, 3.99, 4, 6, 7.99, 8].map(mxScale)).toEqual([1, 0.25, 0.5, 1, 1, 1, 2]);
  });
});

describe('NF4', () => {
  test('the published levels follow from the normal quantiles', () => {
    deriveNf4().forEach((level, i) => expect(Math.abs(level - NF4[i])).toBeLessThan(2.5e-7));
    expect(NF4[7]).toBe(0);
  });

  test('the quantile inverts the distribution function', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    for (const p of [0.01, 0.3, 0.5, 0.9]) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
  });

  test('every level encodes to itself, every midpoint to the lower level, and just above it to the upper', () => {
    for (let code = 0; code < 16; code++) expect(encodeNf4(decodeNf4(code))).toBe(code);
    NF4_MIDPOINTS.forEach((midpoint, i) => {
      expect(encodeNf4(midpoint)).toBe(i);
      expect(encodeNf4(midpoint + 1e-9)).toBe(i + 1);
    });
  });

  test('the kernel carries the same midpoints, to the last bit', () => {
    const wgsl = readFileSync(new URL('../../kernels/quantize_nf4/quantize_nf4.wgsl', import.meta.url), 'utf8');
    const list = /array<f32, 15>\(([^)]*)\)/.exec(wgsl)?.[1] ?? '';
    expect(list.split(',').map((n) => n.trim()).filter(Boolean).map((n) => Math.fround(Number(n)))).toEqual([...NF4_MIDPOINTS]);
  });
});

test('packing: eight codes to a word, lowest nibble first, rows padded', () => {
  const x = Float32Array.from({ length: 2 * 11 }, (_, i) => i % 11);
  const { codes, scales } = packGroups(x, 2, 11, 8, (absmax) => ({ scale: absmax, encode: (v) => v & 15 }));
  expect([...codes]).toEqual([0x76543210, 0xa98, 0x76543210, 0xa98]);
  expect([...scales]).toEqual([7, 10, 7, 10]);
  expect([...unpackCodes(codes, 2, 11)]).toEqual([...x]);
});
