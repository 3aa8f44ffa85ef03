/** The uniform block `Params` of a kernel: its dims as u32 in the order of `uniforms`, then its scalars. */

import type { AnyKernel, Dims, Scalars } from '../../../kernels/define';
import { evalExtent } from '../../../kernels/shape';
import { EngineError } from '../engine';

/** Every member takes four bytes and no padding; the block is rounded up to 16. */
export function packUniforms(kernel: Pick<AnyKernel, 'name' | 'uniforms' | 'scalars'>, dims: Dims, scalars: Scalars): ArrayBuffer {
  const types = Object.entries(kernel.scalars ?? {});
  const block = new ArrayBuffer(Math.max(16, Math.ceil((kernel.uniforms.length + types.length) / 4) * 16));
  const view = new DataView(block);
  kernel.uniforms.forEach((symbol, i) => view.setUint32(4 * i, evalExtent(symbol, dims), true));
  types.forEach(([name, type], i) => {
    const value = scalars[name];
    if (value === undefined) throw new EngineError('internal', `${kernel.name} needs the scalar ${name}.`, 'Pass it in scalars.');
    const offset = 4 * (kernel.uniforms.length + i);
    if (type === 'f32') view.setFloat32(offset, value, true);
    else if (type === 'u32') view.setUint32(offset, value, true);
    else view.setInt32(offset, value, true);
  });
  return block;
}
