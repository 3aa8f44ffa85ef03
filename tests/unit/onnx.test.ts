import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/bench/rivals/onnx';
import { modelsOf } from '../../src/bench/rivals/ort-models';

type Field = number | Uint8Array;

/** Reads the wire format of Protocol Buffers: every field with its values. */
function decode(data: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): number => {
    for (let [value, scale] = [0, 1]; ; scale *= 128) {
      const byte = data[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const key = varint();
    let value: Field;
    if (key % 8 === 0) value = varint();
    else {
      const length = key % 8 === 5 ? 4 : varint();
      value = data.slice(at, at + length);
      at += length;
    }
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const inner = (fields: Map<number, Field[]>, field: number, index = 0): Map<number, Field[]> => decode(fields.get(field)?.[index] as Uint8Array);
const bytesOf = (fields: Map<number, Field[]>, field: number): Uint8Array => (fields.get(field) ?? [])[0] as Uint8Array;
const text = (field: Field | undefined): string => new TextDecoder().decode(field as Uint8Array);

describe('ONNX models', () => {
  it('hold a graph by the field numbers of onnx.proto', () => {
    const model = decode(encodeModel({
      nodes: [{ type: 'Op', domain: 'com.microsoft', inputs: ['x', 'w'], outputs: ['y'], attributes: { big: 300, scale: { float: 0.5 }, perm: [0, 2, 1] } }],
      inputs: { x: [200, 3] },
      outputs: { y: [1] },
      constants: { w: { shape: [2], data: Float32Array.of(1, -2) }, codes: { shape: [3], data: Uint8Array.of(1, 2, 3) } },
    }));
    expect(model.get(1)).toEqual([8]);
    expect(text(inner(model, 8, 1).get(1)?.[0])).toBe('com.microsoft');
    const graph = inner(model, 7);
    const node = inner(graph, 1);
    expect([text(node.get(1)?.[1]), text(node.get(2)?.[0]), text(node.get(4)?.[0]), text(node.get(7)?.[0])]).toEqual(['w', 'y', 'Op', 'com.microsoft']);
    expect(inner(node, 5, 0).get(3)).toEqual([300]);
    expect(new DataView(bytesOf(inner(node, 5, 1), 2).buffer).getFloat32(0, true)).toBe(0.5);
    expect(inner(node, 5, 2).get(8)).toEqual([0, 2, 1]);
    const weights = inner(graph, 5);
    expect([weights.get(1), weights.get(2), [...new Float32Array(bytesOf(weights, 9).buffer)]]).toEqual([[2], [1], [1, -2]]);
    expect(inner(graph, 5, 1).get(2)).toEqual([2]);
    const shape = inner(inner(inner(inner(graph, 11), 2), 1), 2);
    expect([inner(shape, 1, 0).get(1), inner(shape, 1, 1).get(1)]).toEqual([[200], [3]]);
  });

  it('MatMulNBits gets the same codes and scales at either block size', () => {
    const [T, N, K, G] = [2, 3, 70, 64];
    const codes = Int8Array.from({ length: N * K }, (_, i) => (i % 15) - 7);
    const scales = Float32Array.from({ length: N * 2 }, (_, i) => i + 1);
    const models = modelsOf({ kind: 'weights4', T, N, K, G, x: new Float32Array(T * K), codes, scales });
    expect(models.map(({ way, int8 }) => [way, int8])).toEqual([
      ['MatMulNBits, block 32, level 0', false], ['MatMulNBits, block 32, level 4', true], ['MatMulNBits, block 64, level 0', false], ['MatMulNBits, block 64, level 4', true],
    ]);
    for (const [model, block] of [[models[0], 32], [models[2], 64]] as const) {
      const { codes: packed, scales: spread } = model.graph.constants ?? {};
      const blocks = Math.ceil(K / block);
      expect(packed.shape).toEqual([N, blocks, block / 2]);
      const inRow = (k: number): boolean => k < K;
      for (let n = 0; n < N; n++) {
        const read = Array.from({ length: blocks * block }, (_, k) => {
          const byte = packed.data[(n * blocks * block + k) >> 1] as number;
          const code = (k % 2 ? byte >> 4 : byte & 15) - 8;
          return code * (spread.data[n * blocks + Math.floor(k / block)] as number);
        });
        expect(read).toEqual(read.map((_, k) => (inRow(k) ? codes[n * K + k] * scales[n * 2 + Math.floor(k / G)] : 0)));
      }
    }
  });
});
