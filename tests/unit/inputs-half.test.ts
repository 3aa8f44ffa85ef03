import { describe, expect, it } from 'vitest';
import { decodeBf16, decodeE4m3, decodeE5m2, decodeF16, encodeBf16, encodeF16 } from '../../src/inputs/half';

const codes = (count: number): number[] => [...Array(count).keys()];

/** An independent reading of any IEEE-like format: value = (-1)^s 2^(e - bias) (1 + m / 2^bits), subnormals without the 1. */
function ieee(code: number, exponentBits: number, mantissaBits: number, special: 'ieee' | 'fn'): number {
  const bias = 2 ** (exponentBits - 1) - 1;
  const text = code.toString(2).padStart(1 + exponentBits + mantissaBits, '0');
  const sign = text[0] === '1' ? -1 : 1;
  const exponent = Number.parseInt(text.slice(1, 1 + exponentBits), 2);
  const fraction = Number.parseInt(text.slice(1 + exponentBits), 2) / 2 ** mantissaBits;
  const top = exponent === 2 ** exponentBits - 1;
  if (special === 'ieee' && top) return fraction ? Number.NaN : sign * Infinity;
  if (special === 'fn' && top && fraction === 1 - 2 ** -mantissaBits) return Number.NaN;
  return exponent === 0 ? sign * 2 ** (1 - bias) * fraction : sign * 2 ** (exponent - bias) * (1 + fraction);
}

describe('decoding', () => {
  it.each([
    ['binary16', decodeF16, 65536, 5, 10, 'ieee'],
    ['bfloat16', decodeBf16, 65536, 8, 7, 'ieee'],
    ['E4M3', decodeE4m3, 256, 4, 3, 'fn'],
    ['E5M2', decodeE5m2, 256, 5, 2, 'ieee'],
  ] as const)('%s is exact on every code', (_, decode, count, exponentBits, mantissaBits, special) => {
    expect(codes(count).filter((code) => !Object.is(decode(code), ieee(code, exponentBits, mantissaBits, special)))).toEqual([]);
  });

  it('has the known extremes', () => {
    expect([decodeF16(0x7bff), decodeF16(1), decodeE4m3(0x7e), decodeE4m3(1), decodeE5m2(0x7b), decodeE5m2(1)]).toEqual([65504, 2 ** -24, 448, 2 ** -9, 57344, 2 ** -16]);
    expect([decodeF16(0x8000), decodeE4m3(0x80)]).toEqual([-0, -0]);
  });
});

describe('encoding', () => {
  it.each([[decodeF16, encodeF16], [decodeBf16, encodeBf16]] as const)('gives every code back: %o', (decode, encode) => {
    const back = (code: number): boolean => (Number.isNaN(decode(code)) ? Number.isNaN(decode(encode(Number.NaN))) : encode(decode(code)) === code);
    expect(codes(65536).filter((code) => !back(code))).toEqual([]);
  });

  it('rounds half-way values of binary16 to the even code, and others to the nearest', () => {
    const wrong = codes(0x7bff).filter((code) => {
      const [low, high] = [decodeF16(code), decodeF16(code + 1)];
      const middle = (low + high) / 2;
      const even = code % 2 === 0 ? code : code + 1;
      const step = (high - low) / 64;
      const got = [encodeF16(middle), encodeF16(middle - step), encodeF16(middle + step), encodeF16(-middle)];
      return got.join() !== [even, code, code + 1, even | 0x8000].join();
    });
    expect(wrong).toEqual([]);
  });

  it('overflows to infinity where IEEE says so', () => {
    expect([65504, 65519.99, 65520, -65520, 1e300].map(encodeF16)).toEqual([0x7bff, 0x7bff, 0x7c00, 0xfc00, 0x7c00]);
    expect([encodeF16(0), encodeF16(-0), encodeF16(2 ** -25), encodeF16(2 ** -26), encodeF16(2 ** -25 * 1.001)]).toEqual([0, 0x8000, 0, 0, 1]);
  });

  it('rounds bfloat16 to nearest, ties to even', () => {
    expect(decodeBf16(encodeBf16(1 + 2 ** -8))).toBe(1);
    expect(decodeBf16(encodeBf16(1 + 3 * 2 ** -8))).toBe(1 + 2 ** -6);
    expect(decodeBf16(encodeBf16(1 + 2 ** -8 + 2 ** -20))).toBe(1 + 2 ** -7);
    expect(decodeBf16(encodeBf16(3.4e38))).toBe(Infinity);
  });
});
