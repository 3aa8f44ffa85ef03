/** The fused kernels are the separate ones, done at once; and the products agree with a plain triple loop. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Dims } from '../../kernels/define';
import { turnWeights } from '../../kernels/nibbles';
import { lowrankDown } from '../../kernels/lowrank_down/lowrank_down';
import { lowrankUp } from '../../kernels/lowrank_up/lowrank_up';
import { matmul } from '../../kernels/matmul/matmul';
import { matmulNt } from '../../kernels/matmul_nt/matmul_nt';
import { quantizeDown } from '../../kernels/quantize_down/quantize_down';
import { quantizeInt4 } from '../../kernels/quantize_int4/quantize_int4';
import { kernels } from '../../kernels/registry';
import { createRng } from '../../kernels/rng';
import { scaleChannels } from '../../kernels/scale_channels/scale_channels';
import { subtractProduct } from '../../kernels/subtract_product/subtract_product';
import { transpose } from '../../kernels/transpose/transpose';
import { w4a4Matmul } from '../../kernels/w4a4_matmul/w4a4_matmul';
import { w4a4Up } from '../../kernels/w4a4_up/w4a4_up';
import { nmse } from '../../src/engine/compare';

const rng = createRng(11);
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => rng.normal());

interface Sizes extends Dims { T: number; N: number; K: number; G: number; R: number }
const sizes: Sizes[] = [
  { T: 5, N: 7, K: 20, G: 16, R: 3 },
  { T: 16, N: 24, K: 64, G: 32, R: 8 },
  { T: 3, N: 5, K: 13, G: 13, R: 1 },
  { T: 4, N: 6, K: 16, G: 8, R: 0 },
];

function problem({ T, N, K, R }: Sizes) {
  return { x: normals(T * K), w: normals(N * K), lambda: normals(K).map((v) => 0.2 + Math.abs(v)), down: normals(R * K), up: normals(N * R) };
}

describe.each(sizes)('fusion at T $T, N $N, K $K, G $G, R $R', (d) => {
  const { T, N, K, G, R } = d;
  const { x, w, lambda, down, up } = problem(d);

  test('quantize_down = scale_channels, quantize_int4 and lowrank_down', () => {
    const fused = quantizeDown.reference({ x, lambda, down }, d, {});
    const { y } = scaleChannels.reference({ x, s: lambda }, { M: T, K }, { divide: 1 });
    const { codes, scales } = quantizeInt4.reference({ x: y }, { M: T, K, G }, {});
    expect(fused.codes).toEqual(codes);
    expect(fused.scales).toEqual(scales);
    expect(fused.h).toEqual(lowrankDown.reference({ x, down }, { T, K, R }, {}).h);
  });

  test('w4a4_up = w4a4_matmul and lowrank_up', () => {
    const a = quantizeDown.reference({ x, lambda, down }, d, {});
    const b = quantizeInt4.reference({ x: w }, { M: N, K, G }, {});
    const operands = { xCodes: a.codes, xScales: a.scales, ...turnWeights(b.codes, b.scales, d) };
    const fused = w4a4Up.reference({ ...operands, h: a.h, up }, d, {}).y;
    const { y } = w4a4Matmul.reference(operands, d, {});
    expect(nmse(fused, lowrankUp.reference({ h: a.h, up, y }, { T, N, R }, {}).out)).toBeLessThan(1e-13);
  });

  test('subtract_product leaves nothing where w is the product', () => {
    const product = matmul.reference({ a: up, b: down }, { M: N, N: K, K: R }, {}).c;
    const { r } = subtractProduct.reference({ w: product, up, down }, { N, K, R }, {});
    for (let i = 0; i < r.length; i++) expect(Math.abs(r[i])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(product[i])));
  });
});

test('a branch of rank 0 changes nothing', () => {
  const d = { T: 4, N: 6, K: 16, G: 8, R: 0 };
  const { x, w, lambda, down, up } = problem(d);
  const { codes: xCodes, scales: xScales, h } = quantizeDown.reference({ x, lambda, down }, d, {});
  const w4 = quantizeInt4.reference({ x: w }, { M: d.N, K: d.K, G: d.G }, {});
  const operands = { xCodes, xScales, ...turnWeights(w4.codes, w4.scales, d) };
  const { y } = w4a4Matmul.reference(operands, d, {});
  expect(h).toHaveLength(0);
  expect(w4a4Up.reference({ ...operands, h, up }, d, {}).y).toEqual(y);
  expect(lowrankUp.reference({ h, up, y }, d, {}).out).toEqual(y);
  expect(subtractProduct.reference({ w, up, down }, d, {}).r).toEqual(w);
});

test.each([[1, 1, 1], [2, 4, 3], [3, 5, 7], [5, 9, 2]])('products of %d x %d x %d agree with a triple loop', (M, N, K) => {
  const [a, b] = [normals(M * K), normals(N * K)];
  const { c } = matmulNt.reference({ a, b }, { M, N, K }, {});
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      let s = 0;
      for (let k = 0; k < K; k++) s += a[i * K + k] * b[j * K + k];
      expect(c[i * N + j]).toBeCloseTo(s, 6);
    }
  }
  const bt = transpose.reference({ a: b }, { M: N, N: K }, {}).b;
  expect(matmul.reference({ a, b: bt }, { M, N, K }, {}).c).toEqual(c);
});

describe('every definition', () => {
  test('is found once by its folder, names its own files and costs something finite', () => {
    expect(new Set(kernels.map(({ name }) => name)).size).toBe(kernels.length);
    for (const kernel of kernels) {
      for (const { file, wgsl } of kernel.variants) {
        expect(file.split('/')[1]).toBe(kernel.name);
        expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(wgsl);
      }
      for (const { dims } of kernel.cases) {
        const { flops, bytes } = kernel.cost(dims);
        expect({ kernel: kernel.name, ok: Number.isFinite(flops + bytes) && flops >= 0 && bytes >= 0 }).toEqual({ kernel: kernel.name, ok: true });
      }
    }
  });

  test('launches within the limits of WebGPU and always has a variant that fits', () => {
    for (const kernel of kernels) {
      for (const { name, dims } of kernel.cases) {
        const fitting = kernel.variants.filter(({ fits }) => fits?.(dims) ?? true);
        expect({ kernel: kernel.name, name, portable: fitting.some(({ requires }) => !requires?.length) }).toMatchObject({ portable: true });
        for (const { launch } of fitting) for (const n of launch(dims)) expect(n).toBeLessThanOrEqual(65535);
      }
      const bindings = Object.keys(kernel.inputs).length + Object.keys(kernel.outputs).length;
      expect({ kernel: kernel.name, fits: bindings <= 8 }).toEqual({ kernel: kernel.name, fits: true });
    }
  });
});
