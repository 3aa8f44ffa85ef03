import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matmulNt } from '../../kernels/matmul_nt/matmul_nt';
import { quantizeInt4 } from '../../kernels/quantize_int4/quantize_int4';
import { transposeInt4 } from '../../kernels/transpose_int4/transpose_int4';
import { w4a4Matmul } from '../../kernels/w4a4_matmul/w4a4_matmul';
import { crossCheckProduct, crossCheckQuantized, loadTfjs } from '../../src/crosscheck/tfjs';
import { withScope, type Engine } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';
import { makeToy } from '../../src/inputs/toy';

const [tokens, inFeatures, outFeatures] = [37, 100, 61]; // multiples of no tile, word or group
const { x, w } = makeToy({ tokens, inFeatures, outFeatures, outliers: 3, size: 40, spread: 0.3, tails: 0, planted: 0, seed: 7 });

describe.each(['webgpu', 'reference'])('TensorFlow.js agrees with the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => { engine = kind === 'webgpu' ? await WebGpuEngine.open(navigator.gpu) : new ReferenceEngine(); });
  afterAll(() => engine.dispose());

  it('runs on its own WebGPU backend', async () => {
    expect((await loadTfjs()).getBackend()).toBe('webgpu');
  });

  it('on a dense product', async () => {
    const y = await withScope(engine, (scope) =>
      scope.readF32(scope.run(matmulNt, { a: scope.upload(x, [tokens, inFeatures]), b: scope.upload(w, [outFeatures, inFeatures]) }).c));
    const check = await crossCheckProduct({ tokens, inFeatures, outFeatures, x, w }, y);
    expect(check.relativeDifference).toBeLessThan(1e-5);
    expect(check.by).toMatch(/^TensorFlow\.js 4\.\d+\.\d+, webgpu$/);
    // It would notice one wrong number.
    const wrong = await crossCheckProduct({ tokens, inFeatures, outFeatures, x, w }, y.with(5, y[5] + 100));
    expect(wrong.relativeDifference).toBeGreaterThan(1e-4);
  });

  it.each([16, 64, inFeatures])('on a 4-bit product in groups of %d', async (group) => {
    const [quantizedX, quantizedW, y] = await withScope(engine, async (scope) => {
      const dims = { G: group };
      const qx = scope.run(quantizeInt4, { x: scope.upload(x, [tokens, inFeatures]) }, { dims });
      const qw = scope.run(quantizeInt4, { x: scope.upload(w, [outFeatures, inFeatures]) }, { dims });
      const sizes = { ...dims, K: inFeatures, N: outFeatures };
      const product = scope.run(w4a4Matmul, { xCodes: qx.codes, xScales: qx.scales, ...scope.run(transposeInt4, qw, { dims: { ...dims, K: inFeatures } }) }, { dims: sizes });
      const [xc, xs, wc, ws, out] = await scope.readAll([qx.codes, qx.scales, qw.codes, qw.scales, product.y]);
      return [
        { rows: tokens, codes: xc as Uint32Array, scales: xs as Float32Array },
        { rows: outFeatures, codes: wc as Uint32Array, scales: ws as Float32Array },
        out as Float32Array,
      ] as const;
    });
    expect((await crossCheckQuantized(quantizedX, quantizedW, inFeatures, group, y)).relativeDifference).toBeLessThan(1e-5);
  });
});
