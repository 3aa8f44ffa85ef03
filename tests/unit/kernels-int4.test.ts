/** The 4-bit format: rounding, packing, and the quantizer's published vectors. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packInt4, toNBits, turnBack, turnedColumns, turnWeights, unpackCodes, unpackInt4, wordsPerRow } from '../../kernels/nibbles';
import { quantizeInt4 } from '../../kernels/quantize_int4/quantize_int4';
import { dequantizeInt4 } from '../../kernels/dequantize_int4/dequantize_int4';
import { roundGroups } from '../../kernels/round_groups/round_groups';
import { roundHalfEven } from '../../kernels/round';

const quantize = (values: number[], M: number, K: number, G: number) =>
  quantizeInt4.reference({ x: Float32Array.from(values) }, { M, K, G }, {});

describe('roundHalfEven', () => {
  test.each([[0.5, 0], [1.5, 2], [2.5, 2], [-0.5, 0], [-1.5, -2], [-2.5, -2], [0.49999999999999994, 0], [-3.7, -4], [2 ** 52 + 1, 2 ** 52 + 1], [-(2 ** 53), -(2 ** 53)]])(
    '%d -> %d',
    (x, rounded) => expect(roundHalfEven(x) + 0).toBe(rounded),
  );

  test('never further than a half, and even at a half', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (x) => {
        const r = roundHalfEven(x);
        const distance = Math.abs(r - x);
        expect(r % 1 === 0 && (distance < 0.5 || (distance === 0.5 && r % 2 === 0))).toBe(true);
      }),
    );
  });
});

describe('packing', () => {
  test('the first code lies in the lowest nibble, and rows are padded with zeros', () => {
    expect(packInt4([0, 1, 2, 3, 4, 5, 6, 7], 1, 8)).toEqual(Uint32Array.of(0x76543210));
    expect(packInt4([-1, 7, -8], 3, 1)).toEqual(Uint32Array.of(0xf, 7, 8));
    expect(packInt4([-1, -1, -1, -1, -1, -1, -1, -1, -1], 1, 9)).toEqual(Uint32Array.of(0xffffffff, 0xf));
  });

  test('unpacking gives back what was packed, signed and unsigned', () => {
    const matrix = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 40 })).chain(([M, K]) =>
      fc.record({ M: fc.constant(M), K: fc.constant(K), codes: fc.array(fc.integer({ min: -8, max: 7 }), { minLength: M * K, maxLength: M * K }) }),
    );
    fc.assert(
      fc.property(matrix, ({ M, K, codes }) => {
        const words = packInt4(codes, M, K);
        expect(words).toHaveLength(M * wordsPerRow(K));
        expect(unpackInt4(words, M, K)).toEqual(Int8Array.from(codes));
        expect(unpackCodes(words, M, K)).toEqual(Uint8Array.from(codes, (c) => c & 15));
      }),
    );
  });
});

describe('weights turned on their side', () => {
  test('words of neighbouring channels lie side by side, and columns are filled up with zeros', () => {
    const turned = turnWeights(Uint32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(0.1, 0.2, 0.3), { N: 3, K: 16, G: 16 });
    expect(turned.wCodes).toEqual(Uint32Array.of(1, 3, 5, 0, 2, 4, 6, 0));
    expect(turned.wScales).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0));
  });

  test('turning back gives the same words and scales', () => {
    const sizes = fc.record({ N: fc.integer({ min: 1, max: 9 }), K: fc.integer({ min: 1, max: 50 }), G: fc.constantFrom(8, 16, 24, 64) });
    fc.assert(
      fc.property(sizes, ({ N, K, G }) => {
        const codes = Uint32Array.from({ length: N * wordsPerRow(K) }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
        const scales = Float32Array.from({ length: N * Math.ceil(K / G) }, (_, i) => 1 + i);
        const turned = turnWeights(codes, scales, { N, K, G });
        expect(turned.wCodes).toHaveLength(wordsPerRow(K) * turnedColumns(N));
        expect(turnBack(turned, { N, K, G })).toEqual({ codes, scales });
      }),
    );
  });

  test('refuses groups that would share a word', () => {
    expect(() => turnWeights(Uint32Array.of(0), Float32Array.of(1, 1), { N: 1, K: 8, G: 4 })).toThrow(/groups of 4 codes do not fill whole words/);
  });

  test('as MatMulNBits stores them: unsigned, the first in the low nibble, blocks filled up with its zero', () => {
    expect(toNBits([-8, 7, 0, 1], 1, 4, 4)).toEqual(Uint8Array.of(0xf0, 0x98));
    expect(toNBits([-1, 2, 3, -4, 5, -6], 2, 3, 4)).toEqual(Uint8Array.of(0xa7, 0x8b, 0xd4, 0x82));
    // Where rows fill their blocks it is our own packing with every sign bit turned.
    const codes = Int8Array.from({ length: 64 }, (_, i) => (i * 5) % 16 - 8);
    expect(toNBits(codes, 2, 32, 32)).toEqual(new Uint8Array(packInt4(codes, 2, 32).buffer).map((b) => b ^ 0x88));
  });
});

describe('quantize_int4', () => {
  test.each([
    { values: [7, -3.5, 0.5, 1.5], scale: 1, codes: [7, -4, 0, 2] },
    { values: [1, -2, 3, -14], scale: 2, codes: [0, -1, 2, -7] },
    { values: [0, 0, 0, 0], scale: 1, codes: [0, 0, 0, 0] },
    { values: [0, 1.4e-45, 0, 0], scale: 1, codes: [0, 0, 0, 0] }, // a scale that underflows
  ])('$values -> $codes at scale $scale', ({ values, scale, codes }) => {
    const out = quantize(values, 1, 4, 4);
    expect([...out.scales]).toEqual([scale]);
    expect([...unpackInt4(out.codes, 1, 4)]).toEqual(codes);
  });

  test('every group has its own scale, and the last one may be short', () => {
    const { codes, scales } = quantize([7, 7, 7, 7, 7, 7, 7, 7, 14, -14], 1, 10, 8);
    expect([...scales]).toEqual([1, 2]);
    expect([...unpackInt4(codes, 1, 10)]).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 7, -7]);
  });

  test('refuses groups that would share a word', () => {
    expect(() => quantize([1, 2, 3, 4, 5, 6, 7, 8], 1, 8, 4)).toThrow(/groups of 4 codes do not fill whole words of 8/);
  });

  test('is never wrong by more than half a step, reaches ±7 in every group, and never -8', () => {
    const values = fc.array(fc.float({ min: Math.fround(-1e4), max: Math.fround(1e4), noNaN: true }), { minLength: 26, maxLength: 26 });
    fc.assert(
      fc.property(values, (list) => {
        const dims = { M: 2, K: 13, G: 8 };
        const x = Float32Array.from(list, (v) => (Math.abs(v) < 1e-30 ? 0 : v));
        const out = quantizeInt4.reference({ x }, dims, {});
        const codes = unpackInt4(out.codes, 2, 13);
        const back = dequantizeInt4.reference(out, dims, {}).x;
        for (let m = 0; m < 2; m++) {
          for (let g = 0; g < 2; g++) {
            const scale = out.scales[2 * m + g];
            const at = Array.from({ length: g ? 5 : 8 }, (_, k) => 13 * m + 8 * g + k);
            const top = Math.max(...at.map((i) => Math.abs(codes[i])));
            expect(top).toBe(at.some((i) => x[i] !== 0) ? 7 : 0);
            for (const i of at) expect(Math.abs(x[i] - back[i])).toBeLessThanOrEqual(0.5 * scale * (1 + 1e-6));
          }
        }
      }),
    );
  });

  test('round_groups at qmax 7 is quantize_int4 there and back', () => {
    const x = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
    const dims = { M: 3, K: 20, G: 16 };
    const back = dequantizeInt4.reference(quantizeInt4.reference({ x }, dims, {}), dims, {}).x;
    expect(roundGroups.reference({ x }, dims, { qmax: 7 }).y).toEqual(back);
  });
});
