/** The stored parts of a quantized tensor: names, dtypes and shapes, and the bytes of each. docs/quantized-format.md describes them. */

import { encodeE4m3 } from '../../kernels/formats';
import { bitWords, packBits } from '../../kernels/formats/bits';
import { encodeF16 } from '../inputs/half';
import type { Encoded, ScaleType, Scheme } from './scheme';

/** Key of the file's metadata under which the layout is described as JSON. */
export const LAYOUT_KEY = 'paperkernels.quantized';
export const LAYOUT_VERSION = 1;

export type PartName = 'codes' | 'scales' | 'tensor_scale' | 'codebook' | 'sparse.rowptr' | 'sparse.cols' | 'sparse.values' | 'lowrank.up' | 'lowrank.down';
export type PartDtype = 'U32' | 'F32' | 'F16' | 'F8_E4M3' | 'U8';

export interface PartSpec {
  readonly part: PartName;
  readonly dtype: PartDtype;
  readonly shape: readonly number[];
}

/** E8M0 scales are stored as bytes: not every reader of the format knows that dtype. */
const dtypeOfScale = (type: ScaleType): PartDtype => (type === 'F8_E8M0' ? 'U8' : type);

/** What a scheme stores, in order. @param nonzeros of the sparse part */
export function partsOf({ bits, rows, cols, floats, scaled, rank, sparse, id }: Scheme, nonzeros: number): PartSpec[] {
  const parts: PartSpec[] = [{ part: 'codes', dtype: 'U32', shape: [rows, bitWords(cols, bits)] }];
  if (scaled) parts.push({ part: 'scales', dtype: dtypeOfScale(scaled.type), shape: [rows, Math.ceil(cols / scaled.group)] });
  else parts.push({ part: 'codebook', dtype: floats, shape: [rows, 2 ** bits] });
  if (id === 'nvfp4') parts.push({ part: 'tensor_scale', dtype: 'F32', shape: [1] });
  if (sparse) {
    parts.push({ part: 'sparse.rowptr', dtype: 'U32', shape: [rows + 1] }, { part: 'sparse.cols', dtype: 'U32', shape: [nonzeros] }, { part: 'sparse.values', dtype: floats, shape: [nonzeros] });
  }
  if (rank > 0) parts.push({ part: 'lowrank.up', dtype: floats, shape: [rows, rank] }, { part: 'lowrank.down', dtype: floats, shape: [rank, cols] });
  return parts;
}

export const DTYPE_BYTES: Readonly<Record<PartDtype, number>> = { U32: 4, F32: 4, F16: 2, F8_E4M3: 1, U8: 1 };

const bytesOf = (x: Uint32Array | Float32Array): Uint8Array => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);

/** Numbers that are exact in `type`, as its bytes, little-endian. */
export function floatBytes(x: Float32Array, type: ScaleType): Uint8Array {
  if (type === 'F32') return bytesOf(x);
  if (type === 'F16') return new Uint8Array(Uint16Array.from(x, encodeF16).buffer);
  if (type === 'F8_E4M3') return Uint8Array.from(x, (v) => encodeE4m3(v, 'larger'));
  return Uint8Array.from(x, (v) => Math.log2(v) + 127); // exact: scales are powers of two
}

export const wordBytes = (words: Uint32Array): Uint8Array => bytesOf(words);

/** Packed codes of a block. */
export const codeBytes = ({ bits, cols }: Scheme, { codes, rows }: Encoded): Uint8Array => bytesOf(packBits(codes, rows, cols, bits));
