/** The tensors of a Run as .safetensors: every stage in float32, codes in int8 with their group scales where a stage has them, vectors too. */

import type { TensorToWrite } from '../../inputs/safetensors';
import type { Run, StageTensor } from '../../run/run';
import type { Origin } from './origin';

/** The shape of a stage with its channel axis shortened to one entry per group. */
const scaleShape = (s: StageTensor): number[] =>
  [s.rows, s.cols].map((length, i) => (s.scales && s.axes[i] === 'k' ? Math.ceil(length / s.scales.group) : length));

/** What a reader of the codes must know beside the tensors: `qr.group`, `qr.format`, and `qr.tensor_scale`, by which all scales count. */
export function codeNotes(run: Run): Record<string, string> {
  return Object.fromEntries(Object.values(run.stages).flatMap((s) => (s.scales
    ? [[`${s.id}.group`, String(s.scales.group)], [`${s.id}.format`, s.format], [`${s.id}.tensor_scale`, String(s.scales.tensorScale)]]
    : [])));
}

export function tensorsOf(run: Run): TensorToWrite[] {
  const stages = Object.values(run.stages).flatMap((s): TensorToWrite[] => {
    const shape = [s.rows, s.cols];
    return [
      { name: s.id, dtype: 'F32', shape, data: s.data },
      ...(s.codes ? [{ name: `${s.id}.codes`, dtype: 'I8' as const, shape, data: s.codes }] : []),
      ...(s.scales ? [{ name: `${s.id}.scales`, dtype: 'F32' as const, shape: scaleShape(s), data: s.scales.values }] : []),
    ];
  });
  const vectors = Object.values(run.vectors).map((v): TensorToWrite => ({ name: `vector.${v.id}`, dtype: 'F32', shape: [v.data.length], data: v.data }));
  return [...stages, ...vectors];
}

export const hasCodes = (run: Run): boolean => Object.values(run.stages).some((s) => s.codes !== undefined);

export async function tensorsFile(run: Run, origin: Origin): Promise<Uint8Array> {
  const { writeSafetensors } = await import('../../inputs/safetensors');
  return writeSafetensors(tensorsOf(run), { ...origin, ...codeNotes(run), params: JSON.stringify(run.params) });
}
