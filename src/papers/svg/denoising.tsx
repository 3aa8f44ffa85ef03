/** Denoising, step by step: which steps stay dense, what each head is judged to be, and how large the error is. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import { TimelineChart } from '../../ui/charts/TimelineChart';
import type { SetParams } from '../../ui/lab-props';

const KINDS = [{ letter: 'S', label: 'spatial', shape: 'bar' }, { letter: 'T', label: 'temporal', shape: 'dots' }] as const;

interface DenoisingProps {
  readonly run: Run;
  readonly setParams: SetParams;
}

export function Denoising({ run: { stages, vectors, scalars }, setParams }: DenoisingProps) {
  const { timeline_dense: dense, timeline_verdict: verdict, timeline_error: error } = stages;
  const { head = 1, step = 1, steps = 1, denseUntil = 0 } = scalars;
  const oracle = vectors['oracle']?.data;
  const drawn = useMemo(() => {
    if (!dense || !verdict || !error) return undefined;
    const { rows: H, cols: S } = verdict;
    const means = Array.from({ length: S }, (_, s) => {
      let sum = 0;
      for (let h = 0; h < H; h += 1) sum += error.data[h * S + s];
      return sum / H;
    });
    return { H, S, means, verdict: Int8Array.from(verdict.data), dense: Array.from(dense.data, (v) => v > 0) };
  }, [dense, verdict, error]);
  if (!drawn) return null;
  const { H, S, means, dense: closed, verdict: kinds } = drawn;
  const wrong = oracle && Uint8Array.from(kinds, (v, at) => {
    const truth = oracle[Math.floor(at / S)];
    return v >= 0 && truth !== undefined && truth >= 0 && truth !== v ? 1 : 0;
  });
  return (
    <TimelineChart
      title="Denoising" note={`${denseUntil} of ${steps} steps stay dense; every other is judged anew`}
      heads={Array.from({ length: H }, (_, h) => `head ${h + 1}`)} steps={Array.from({ length: S }, (_, s) => String(s + 1))} kinds={KINDS} verdict={kinds} dense={closed}
      {...(wrong && { wrong })} error={{ label: 'mean error', values: means, measure: 'relativeError' }}
      current={{ head: head - 1, step: step - 1 }} onPick={({ head: h, step: s }) => setParams({ head: h + 1, denoise: s + 1 })}
    />
  );
}
