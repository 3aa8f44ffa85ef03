/** The tensors of a Run as .safetensors: every stage in float32, codes in int8 where a stage has them, vectors too. */

import type { TensorToWrite } from '../../inputs/safetensors';
import type { Run } from '../../run/run';
import type { Origin } from './origin';

export function tensorsOf(run: Run): TensorToWrite[] {
  const stages = Object.values(run.stages).flatMap((s): TensorToWrite[] => {
    const shape = [s.rows, s.cols];
    return [
      { name: s.id, dtype: 'F32', shape, data: s.data },
      ...(s.codes ? [{ name: `${s.id}.codes`, dtype: 'I8' as const, shape, data: s.codes }] : []),
    ];
  });
  const vectors = Object.values(run.vectors).map((v): TensorToWrite => ({ name: `vector.${v.id}`, dtype: 'F32', shape: [v.data.length], data: v.data }));
  return [...stages, ...vectors];
}

export const hasCodes = (run: Run): boolean => Object.values(run.stages).some((s) => s.codes !== undefined);

export async function tensorsFile(run: Run, origin: Origin): Promise<Uint8Array> {
  const { writeSafetensors } = await import('../../inputs/safetensors');
  return writeSafetensors(tensorsOf(run), { ...origin, params: JSON.stringify(run.params) });
}
