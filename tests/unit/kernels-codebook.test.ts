/** Packed codes of any width, products with codebooks, and the sparse products beside them. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitWords, packBits, unpackBits } from '../../kernels/formats';
import { packInt4 } from '../../kernels/nibbles';

describe('packing', () => {
  test('4 bits: eight nibbles to a word, the first lowest', () => {
    expect(packBits([0, 1, 2, 3, 4, 5, 6, 7], 1, 8, 4)).toEqual(Uint32Array.of(0x76543210, 0, 0, 0));
    const codes = Array.from({ length: 96 }, (_, i) => (7 * i) % 16);
    expect(packBits(codes, 3, 32, 4)).toEqual(packInt4(codes, 3, 32));
  });

  test('3 bits: codes 10 and 21 of 32 straddle words (2 | 1 and 1 | 2 bits), as officially', () => {
    const alone = (k: number) => [...packBits(Array.from({ length: 32 }, (_, i) => (i === k ? 7 : 0)), 1, 32, 3)];
    expect(alone(9)).toEqual([(7 << 27) >>> 0, 0, 0]);
    expect(alone(10)).toEqual([(3 << 30) >>> 0, 1, 0]);
    expect(alone(11)).toEqual([0, 7 << 1, 0]);
    expect(alone(20)).toEqual([0, (7 << 28) >>> 0, 0]);
    expect(alone(21)).toEqual([0, (1 << 31) >>> 0, 3]);
    expect(alone(22)).toEqual([0, 0, 7 << 2]);
    expect(alone(31)).toEqual([0, 0, (7 << 29) >>> 0]);
  });

  test('unpacking gives back what was packed, at every width', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 70 }), fc.integer({ min: 2, max: 8 }))
      .chain(([rows, cols, bits]) => fc.record({ rows: fc.constant(rows), cols: fc.constant(cols), bits: fc.constant(bits), codes: fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: rows * cols, maxLength: rows * cols }) }));
    fc.assert(
      fc.property(matrix, ({ rows, cols, bits, codes }) => {
        const words = packBits(codes, rows, cols, bits);
        expect(words).toHaveLength(rows * bitWords(cols, bits));
        expect(unpackBits(words, rows, cols, bits)).toEqual(Uint8Array.from(codes));
      }),
    );
  });

  test('widths and lengths that cannot be are refused', () => {
    expect(() => packBits([0], 1, 1, 9)).toThrow('codes of 9 bits cannot be packed; use 2 to 8.');
    expect(() => unpackBits(new Uint32Array(1), 1, 1, 1.5)).toThrow('codes of 1.5 bits');
    expect(() => packBits([0], 1, 2, 4)).toThrow('1 rows of 2 codes are 2, but 1 are given.');
    expect(() => unpackBits(new Uint32Array(2), 1, 1, 3)).toThrow('take 3 words, but 2 are given.');
  });
});
