/** The safetensors dtype that holds a stored tensor's bytes as they are, by the names that .npy, .gguf and .safetensors give. */

const BYTES: Readonly<Record<string, number>> = {
  BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, F8_E8M0: 1, I16: 2, U16: 2, F16: 2, BF16: 2, I32: 4, U32: 4, F32: 4, F64: 8, I64: 8, U64: 8, C64: 8,
};

const NPY: Readonly<Record<string, string>> = {
  '<f8': 'F64', '<f4': 'F32', '<f2': 'F16', '|i1': 'I8', '|u1': 'U8', '<i2': 'I16', '<u2': 'U16', '<i4': 'I32', '<u4': 'U32', '<i8': 'I64', '<u8': 'U64', '|b1': 'BOOL',
};

/** Undefined for block formats (Q4_K) and for numbers narrower than a byte. */
export function copiedDtype(stored: string): { readonly dtype: string; readonly bytes: number } | undefined {
  const dtype = NPY[stored] ?? stored;
  return Object.hasOwn(BYTES, dtype) ? { dtype, bytes: BYTES[dtype] } : undefined;
}
