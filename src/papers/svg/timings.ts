/** Times of the lab's kernels at the run's size, by the engine's timing contract, and of the masked one against the kept fraction. */

import { attention } from '../../../kernels/attention/attention';
import { attentionMasked } from '../../../kernels/attention_masked/attention_masked';
import { attentionProfile } from '../../../kernels/attention_profile/attention_profile';
import { classifyTiles } from '../../../kernels/classify_tiles/classify_tiles';
import type { AnyKernel, Data, Dims, Scalars } from '../../../kernels/define';
import { maskDims, maskScalars } from '../../../kernels/formats/video-mask';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import { scaleOf, type Heads } from '../../attention/heads';
import { placement, SPATIAL, TEMPORAL } from '../../attention/layout';
import { classes, countPairs, tileCount } from '../../attention/pairs';
import type { RunPatch, Sweep, TimedKernel } from '../../run/run';
import { including } from '../../run/stream-sweep';
import { timeKernel, type KernelLaunch } from '../timed';
import type { Core } from './core';
import type { Problem } from './inputs';
import { KERNEL_LABELS } from './names';
import { judgingMask, rowsOf, runMask } from './outcomes';
import type { Settings } from './params';

const launch = (kernel: object, inputs: Readonly<Record<string, Data>>, dims: Dims, scalars?: Scalars): KernelLaunch =>
  ({ kernel: kernel as AnyKernel, inputs, dims, ...(scalars && { scalars }) });

/** Seconds of measuring spent on each launch. */
const BUDGET = 0.15;

const dense = ({ H, N, D, q, k, v }: Heads): KernelLaunch => launch(attention, { q, k, v }, { H, N, M: N, D }, { scale: scaleOf({ D }), causal: 0 });

/** A head under the band that both types share once temporal ones are laid out. */
function masked(problem: Problem, { H, N, D, q, k, v }: Heads, s: Settings): KernelLaunch {
  const mask = runMask(problem, s, SPATIAL);
  const tiles = classes(countPairs(mask, s.tile));
  return launch(attentionMasked, { q, k, v, tiles }, { H, N, D, B: s.tile, ...maskDims(mask) }, { scale: scaleOf({ D }), ...maskScalars(mask) });
}

function launches(problem: Problem, heads: Heads, s: Settings): KernelLaunch[] {
  const { H, N, D, q, k, v } = heads;
  const [mask, judging] = [runMask(problem, s, SPATIAL), judgingMask(problem, s)];
  const { bandOrder: _, ...scalars } = maskScalars(judging);
  const rows = rowsOf(s);
  const order = placement(mask, new Uint8Array(H).fill(TEMPORAL), N);
  return [
    dense(heads), masked(problem, heads, s),
    launch(attentionProfile, { q, k, v, rows }, { H, N, D, R: rows.length, ...maskDims(judging) }, { scale: scaleOf({ D }), ...scalars }),
    launch(classifyTiles, {}, { N, B: s.tile, ...maskDims(mask) }, maskScalars(mask)),
    launch(gatherRows, { x: q, order }, { H, N, M: N, D }),
    launch(scatterRows, { x: q, order }, { H, N, D }),
  ];
}

const KEPT = [0.1, 0.2, 0.3, 0.5, 0.7, 1];

/** All heads of the layer on a GPU; a processor would take seconds, so one. */
async function timedHeads(problem: Problem, chosen: number): Promise<Heads> {
  if (problem.engine.kind !== 'webgpu' || problem.engine.device.software) return problem.head(chosen);
  const all = await Promise.all(problem.kinds.map((_, h) => problem.head(h)));
  const [{ N, D }] = all;
  const joined = (of: (head: Heads) => Float32Array): Float32Array => {
    const out = new Float32Array(all.length * N * D);
    all.forEach((head, h) => out.set(of(head), h * N * D));
    return out;
  };
  return { H: all.length, N, D, q: joined(({ q }) => q), k: joined(({ k }) => k), v: joined(({ v }) => v) };
}

export async function* timings(problem: Problem, { settings, shown }: Core, signal: AbortSignal): AsyncGenerator<RunPatch> {
  const { engine, pause } = problem;
  const heads = await timedHeads(problem, shown.head);
  const timer = { engine, memo: problem.memo, signal, budget: BUDGET };
  const done: TimedKernel[] = [];
  for (const one of launches(problem, heads, settings)) {
    done.push(await timeKernel(timer, KERNEL_LABELS[one.kernel.name] ?? one.kernel.name, one));
    await pause();
    yield { kernels: [...done] };
  }
  const x = including(KEPT, settings.keptFraction);
  const found: { readonly time: number; readonly density: number; readonly active: number }[] = [];
  const base = done[0].timing?.median ?? Number.NaN;
  for (const kept of x) {
    const s = { ...settings, keptFraction: kept };
    const { density, active } = tileCount(countPairs(runMask(problem, s, SPATIAL), s.tile));
    const { timing } = await timeKernel(timer, '', masked(problem, heads, s));
    found.push({ time: timing.median / base, density, active });
    await pause();
    yield { sweeps: { time: timeSweep(x, found, settings.keptFraction, `${heads.H === 1 ? 'one head' : `${heads.H} heads`} on ${engine.device.label}, medians`) } };
  }
}

function timeSweep(x: readonly number[], found: readonly { readonly time: number; readonly density: number; readonly active: number }[], current: number, note: string): Sweep {
  const y = (of: 'time' | 'density' | 'active'): (number | null)[] => x.map((_, i) => found[i]?.[of] ?? null);
  return {
    id: 'time', title: 'Time against the kept fraction', measure: 'share', yLabel: 'share of dense attention', param: 'kept', xLabel: 'kept fraction s that the band is made for',
    x, current, note, done: found.length, total: x.length,
    series: [
      { method: 'time', label: 'Time, masked kernel', slot: 'hero', y: y('time') },
      { method: 'active', label: 'Active tiles', slot: 'smooth', y: y('active') },
      { method: 'density', label: 'Pairs kept', slot: 'svd', y: y('density') },
    ],
  };
}
