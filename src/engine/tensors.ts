import type { Data, DType } from '../../kernels/define';
import { sizeOf } from '../../kernels/shape';
import { EngineError } from './engine';

export function dtypeOf(data: Data): DType {
  if (data instanceof Float32Array) return 'f32';
  return data instanceof Uint32Array ? 'u32' : 'i32';
}

/** @throws EngineError internal where the data do not fill the shape */
export function checkShape(data: Data, shape: readonly number[]): void {
  if (sizeOf(shape) === data.length) return;
  throw new EngineError('internal', `A tensor of shape [${shape.join(', ')}] needs ${sizeOf(shape)} numbers but was given ${data.length}.`, 'Pass the shape of the data.');
}
