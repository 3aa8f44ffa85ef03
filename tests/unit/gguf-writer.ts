/** Writes GGUF files for tests: any metadata, any tensor bytes, and every field that a test wants wrong. */

export type Value =
  | { readonly type: 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'bool' | 'f64'; readonly value: number }
  | { readonly type: 'u64' | 'i64'; readonly value: bigint }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'list'; readonly of: Value['type']; readonly value: readonly Value[] };

const TYPES: Readonly<Record<Value['type'], number>> = { u8: 0, i8: 1, u16: 2, i16: 3, u32: 4, i32: 5, f32: 6, bool: 7, text: 8, list: 9, u64: 10, i64: 11, f64: 12 };

export const GGML = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 8, Q4_K: 12, Q6_K: 14, IQ4_XS: 23, BF16: 30 } as const;

export interface GgufTensorToWrite {
  readonly name: string;
  readonly type: number;
  /** As the file has them: fastest dimension first. */
  readonly sizes: readonly (number | bigint)[];
  readonly data: Uint8Array;
  /** In place of where the data really lies. */
  readonly offset?: number | bigint;
}

export interface GgufToWrite {
  readonly version?: number;
  readonly metadata?: Readonly<Record<string, Value>> | readonly (readonly [string, Value])[];
  readonly tensors?: readonly GgufTensorToWrite[];
  readonly alignment?: number;
  readonly tensorCount?: bigint;
  readonly metadataCount?: bigint;
}

export function writeGguf({ version = 3, metadata = {}, tensors = [], alignment = 32, tensorCount, metadataCount }: GgufToWrite): Uint8Array {
  const out: number[] = [];
  const put = (size: number, set: (view: DataView) => void): void => {
    const view = new DataView(new ArrayBuffer(size));
    set(view);
    out.push(...new Uint8Array(view.buffer));
  };
  const u32 = (value: number): void => put(4, (v) => v.setUint32(0, value, true));
  const u64 = (value: number | bigint): void => put(8, (v) => v.setBigUint64(0, BigInt(value), true));
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(value);
    u64(bytes.length);
    for (const byte of bytes) out.push(byte);
  };
  const put1 = (value: Value): void => {
    switch (value.type) {
      case 'u8': case 'bool': return put(1, (v) => v.setUint8(0, value.value));
      case 'i8': return put(1, (v) => v.setInt8(0, value.value));
      case 'u16': return put(2, (v) => v.setUint16(0, value.value, true));
      case 'i16': return put(2, (v) => v.setInt16(0, value.value, true));
      case 'u32': return u32(value.value);
      case 'i32': return put(4, (v) => v.setInt32(0, value.value, true));
      case 'f32': return put(4, (v) => v.setFloat32(0, value.value, true));
      case 'f64': return put(8, (v) => v.setFloat64(0, value.value, true));
      case 'u64': return u64(value.value);
      case 'i64': return put(8, (v) => v.setBigInt64(0, value.value, true));
      case 'text': return text(value.value);
      case 'list':
        u32(TYPES[value.of]);
        u64(value.value.length);
        value.value.forEach(put1);
    }
  };
  const entries = Array.isArray(metadata) ? (metadata as readonly (readonly [string, Value])[]) : Object.entries(metadata as Record<string, Value>);
  const pad = (length: number): number => Math.ceil(length / alignment) * alignment;
  out.push(0x47, 0x47, 0x55, 0x46);
  u32(version);
  u64(tensorCount ?? tensors.length);
  u64(metadataCount ?? entries.length);
  for (const [key, value] of entries) {
    text(key);
    u32(TYPES[value.type]);
    put1(value);
  }
  let at = 0;
  for (const { name, type, sizes, data, offset } of tensors) {
    text(name);
    u32(sizes.length);
    sizes.forEach(u64);
    u32(type);
    u64(offset ?? at);
    at += pad(data.length);
  }
  const begin = pad(out.length);
  const bytes = new Uint8Array(begin + at);
  bytes.set(out);
  at = begin;
  for (const { data } of tensors) {
    bytes.set(data, at);
    at += pad(data.length);
  }
  return bytes;
}
