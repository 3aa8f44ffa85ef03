/** Times of the lab's kernels on the run's own tensors, by the engine's timing contract; one timing a patch. */

import type { AnyKernel, Data, Dims, Scalars } from '../../../kernels/define';
import { dequantizeCodebook } from '../../../kernels/dequantize_codebook/dequantize_codebook';
import { turnWeights } from '../../../kernels/nibbles';
import { lowrankDown } from '../../../kernels/lowrank_down/lowrank_down';
import { lowrankUp } from '../../../kernels/lowrank_up/lowrank_up';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { quantizeDown } from '../../../kernels/quantize_down/quantize_down';
import { quantizeInt4 } from '../../../kernels/quantize_int4/quantize_int4';
import { quantizeMxfp4 } from '../../../kernels/quantize_mxfp4/quantize_mxfp4';
import { quantizeNvfp4 } from '../../../kernels/quantize_nvfp4/quantize_nvfp4';
import { scaleChannels } from '../../../kernels/scale_channels/scale_channels';
import { w4a4Matmul } from '../../../kernels/w4a4_matmul/w4a4_matmul';
import { w4a4Up } from '../../../kernels/w4a4_up/w4a4_up';
import { timeWall } from '../../engine/timing';
import { jacobiSvd } from '../../linalg/jacobi';
import { groupSize } from '../../quant/format';
import { codebookOf } from '../../quant/quantize';
import type { RunPatch, TimedKernel } from '../../run/run';
import { timeHost, timeKernel, type KernelLaunch } from '../timed';
import { fusionBytes, fusionTimes } from './fusion';
import { factorsExactly, type Layer, type Smoothed } from './layer';
import type { Outcome } from './method';
import { KERNEL_LABELS } from './names';
import type { MethodOptions } from './params';

const launch = (kernel: object, inputs: Readonly<Record<string, Data>>, dims: Dims, scalars?: Scalars): KernelLaunch =>
  ({ kernel: kernel as AnyKernel, inputs, dims, ...(scalars && { scalars }) });

function launches(layer: Layer, s: Smoothed, o: MethodOptions, { branch, weightCodes: wc, xCodes: xc, y, roundedResidual, roundedX }: Outcome): KernelLaunch[] {
  const { tokens: T, inFeatures: K, outFeatures: N, x } = layer;
  const R = branch.rank;
  const G = groupSize(o.format, K);
  const h = new Float32Array(T * R);
  const smooth = launch(scaleChannels, { x, s: s.lambda }, { M: T, K }, { divide: 1 });
  const down = launch(lowrankDown, { x: s.xs, down: branch.down }, { T, K, R });
  const up = launch(lowrankUp, { h, up: branch.up, y }, { T, N, R });
  if (o.format.kind === 'int4' && wc && xc) {
    const codes = { xCodes: xc.codes, xScales: xc.scales, ...turnWeights(wc.codes, wc.scales, { N, K, G }) };
    return [
      smooth, launch(quantizeInt4, { x: s.xs }, { M: T, K, G }), launch(w4a4Matmul, codes, { T, N, K, G }), down, up,
      launch(quantizeDown, { x, lambda: s.lambda, down: branch.raw }, { T, K, R, G }),
      launch(w4a4Up, { ...codes, h, up: branch.up }, { T, N, K, R, G }),
    ];
  }
  const product = launch(matmulNt, { a: roundedX, b: roundedResidual }, { M: T, N, K });
  if (!wc) return [smooth, product, down, up];
  const ties = o.format.kind === 'nvfp4' || o.format.kind === 'mxfp4' ? Number(o.format.ties === 'even') : 0;
  const round = o.format.kind === 'nvfp4'
    ? launch(quantizeNvfp4, { x: s.xs }, { M: T, K }, { tensorScale: 1, tieToEven: ties, divideByUnrounded: Number(o.format.divideByUnrounded) })
    : launch(quantizeMxfp4, { x: s.xs }, { M: T, K }, { tieToEven: ties });
  const expand = launch(dequantizeCodebook, { codes: wc.codes, scales: wc.scales, book: codebookOf(o.format) }, { M: N, K, G }, { tensorScale: wc.tensorScale });
  return [smooth, round, expand, product, down, up];
}

/** The branch fused against separate: bytes at once, times where there are launches to time. */
async function* fusion(layer: Layer, s: Smoothed, o: MethodOptions, { branch, weightCodes: wc, xCodes: xc, y }: Outcome, signal: AbortSignal): AsyncGenerator<RunPatch> {
  if (o.format.kind !== 'int4' || !wc || !xc || branch.rank === 0) return;
  const { engine, tokens: T, inFeatures: K, outFeatures: N, x } = layer;
  const sizes = { T, N, K, G: groupSize(o.format, K), R: branch.rank };
  yield { scalars: fusionBytes(sizes) };
  if (engine.kind === 'reference') return;
  const operands = {
    x, lambda: s.lambda, down: branch.raw, h: new Float32Array(T * branch.rank), up: branch.up, y,
    xCodes: xc.codes, xScales: xc.scales, ...turnWeights(wc.codes, wc.scales, sizes),
  };
  yield { scalars: await layer.memo.get('fusion times', [sizes, engine.device.label], () => fusionTimes(engine, operands, sizes, signal)) };
}

export async function* timings(layer: Layer, s: Smoothed, o: MethodOptions, outcome: Outcome, signal: AbortSignal): AsyncGenerator<RunPatch> {
  const timer = { engine: layer.engine, memo: layer.memo, signal, budget: 0.2 };
  const done: TimedKernel[] = [];
  for (const one of launches(layer, s, o, outcome)) {
    done.push(await timeKernel(timer, KERNEL_LABELS[one.kernel.name] ?? one.kernel.name, one));
    await layer.pause();
    yield { kernels: [...done] };
  }
  yield* fusion(layer, s, o, outcome, signal);
  if (!factorsExactly(layer, o.svd)) return;
  const timing = await timeHost(timer, ['svd', layer.wKey, s.key], () => timeWall(() => { jacobiSvd(s.ws, layer.outFeatures, layer.inFeatures); }, { budget: 0.3, signal }));
  // Jacobi's operation count depends on how soon it converges, so none is claimed.
  done.push({ kernel: 'svd', variant: 'jacobi, float64, CPU', dims: { N: layer.outFeatures, K: layer.inFeatures }, flops: 0, bytes: 0, label: 'SVD on the CPU', timing });
  yield { kernels: done };
}
