import { expect, test } from 'vitest';
import { dequantizeCodebook } from '../../kernels/dequantize_codebook/dequantize_codebook';
import { E2M1, NF4 } from '../../kernels/formats';
import { unpackCodes } from '../../kernels/nibbles';
import { quantizeMxfp4 } from '../../kernels/quantize_mxfp4/quantize_mxfp4';
import { quantizeNf4 } from '../../kernels/quantize_nf4/quantize_nf4';
import { quantizeNvfp4 } from '../../kernels/quantize_nvfp4/quantize_nvfp4';
import { createRng } from '../../kernels/rng';

const rounded = { tensorScale: 1, tieToEven: 0, divideByUnrounded: 0 };
const values = (codes: Uint32Array, scales: Float32Array, book: Float32Array, K: number, G: number, tensorScale = 1): number[] =>
  [...dequantizeCodebook.reference({ codes, scales, book }, { M: 1, K, G }, { tensorScale }).x];

test('NVFP4 of a row whose scale is 2: quarters of 8 go to the larger value', () => {
  const x = Float32Array.of(12, 0.5, -0.5, 2.5, -9, 7, 0, 1);
  const { codes, scales } = quantizeNvfp4.reference({ x }, { M: 1, K: 8 }, rounded);
  expect([...scales]).toEqual([2]);
  expect([...unpackCodes(codes, 1, 8)]).toEqual([7, 1, 0, 3, 14, 6, 0, 1]);
  expect(values(codes, scales, E2M1, 8, 16)).toEqual([12, 1, 0, 3, -8, 8, 0, 1]);
  const even = quantizeNvfp4.reference({ x }, { M: 1, K: 8 }, { ...rounded, tieToEven: 1 });
  expect(values(even.codes, even.scales, E2M1, 8, 16)).toEqual([12, 0, 0, 2, -8, 8, 0, 1]);
});

test('NVFP4 divided by the unrounded scale: absmax/6 = 1.7 is stored as 1.75, but decides as 1.7', () => {
  const x = Float32Array.of(10.2, 1.29); // 1.29 / 1.7 > 0.75 > 1.29 / 1.75
  const codes = (divideByUnrounded: number): number[] =>
    [...unpackCodes(quantizeNvfp4.reference({ x }, { M: 1, K: 2 }, { ...rounded, divideByUnrounded }).codes, 1, 2)];
  expect(codes(0)).toEqual([7, 1]);
  expect(codes(1)).toEqual([7, 2]);
});

test('MXFP4 saturates: 7.9 has the scale 1 and becomes 6', () => {
  const { codes, scales } = quantizeMxfp4.reference({ x: Float32Array.of(7.9, -5.1, 0.2) }, { M: 1, K: 3 }, { tieToEven: 0 });
  expect([...scales]).toEqual([1]);
  expect(values(codes, scales, E2M1, 3, 32)).toEqual([6, -6, 0]);
});

test('groups of zeros have the scale 1 in every format', () => {
  const x = new Float32Array(64);
  expect([...quantizeNvfp4.reference({ x }, { M: 1, K: 64 }, rounded).scales]).toEqual([1, 1, 1, 1]);
  expect([...quantizeMxfp4.reference({ x }, { M: 1, K: 64 }, { tieToEven: 0 }).scales]).toEqual([1, 1]);
  const nf4 = quantizeNf4.reference({ x }, { M: 1, K: 64, G: 64 }, {});
  expect(values(nf4.codes, nf4.scales, NF4, 64, 64)).toEqual(Array.from({ length: 64 }, () => 0));
});

test('what was rounded rounds to itself', () => {
  const rng = createRng(4);
  const x = Float32Array.from({ length: 96 }, () => rng.normal());
  const once = quantizeNf4.reference({ x }, { M: 1, K: 96, G: 32 }, {});
  const again = quantizeNf4.reference({ x: Float32Array.from(values(once.codes, once.scales, NF4, 96, 32)) }, { M: 1, K: 96, G: 32 }, {});
  expect([...again.codes]).toEqual([...once.codes]);
  const mx = quantizeMxfp4.reference({ x }, { M: 1, K: 96 }, { tieToEven: 0 });
  const mx2 = quantizeMxfp4.reference({ x: Float32Array.from(values(mx.codes, mx.scales, E2M1, 96, 32)) }, { M: 1, K: 96 }, { tieToEven: 0 });
  expect([...mx2.codes]).toEqual([...mx.codes]);
});
