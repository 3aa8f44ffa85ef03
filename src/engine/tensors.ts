import type { Data, DType } from '../../kernels/define';

export function dtypeOf(data: Data): DType {
  if (data instanceof Float32Array) return 'f32';
  return data instanceof Uint32Array ? 'u32' : 'i32';
}
