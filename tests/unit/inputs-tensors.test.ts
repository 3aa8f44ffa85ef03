import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { matrixKey, toMatrix, transposed } from '../../src/inputs/matrix';
import { writeNpy } from '../../src/inputs/npy';
import { openMatrix, splitReference } from '../../src/inputs/open';
import { writeSafetensors, type TensorToWrite } from '../../src/inputs/safetensors';
import { bytesSource, fileSource, type ByteSource } from '../../src/inputs/source';
import { listTensors, readMatrix } from '../../src/inputs/tensors';

const counting = (count: number): number[] => [...Array(count).keys()];
const tensor = (name: string, shape: readonly number[]): TensorToWrite => ({ name, dtype: 'F32', shape, data: counting(shape.reduce((a, b) => a * b, 1)) });
const npy = (shape: number[]): ByteSource => bytesSource('x.npy', writeNpy('<f4', shape, counting(shape.reduce((a, b) => a * b, 1))));
const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => 'was not refused', (error: unknown) => (error instanceof InputError ? error.message : `no InputError: ${String(error)}`));

describe('readMatrix', () => {
  it('reads a .npy file, transposed on request', async () => {
    const matrix = await readMatrix(npy([2, 3]));
    expect([matrix.rows, matrix.cols, matrix.source, [...matrix.data]]).toEqual([2, 3, 'x.npy', [0, 1, 2, 3, 4, 5]]);
    const turned = await readMatrix(npy([2, 3]), undefined, { transpose: true });
    expect([turned.rows, turned.cols, turned.source, [...turned.data]]).toEqual([3, 2, 'x.npy, transposed', [0, 3, 1, 4, 2, 5]]);
    expect(turned.key).not.toBe(matrix.key);
  });

  it('reads a convolution weight as [out, in*taps] and says so', async () => {
    const matrix = await readMatrix(bytesSource('m', writeSafetensors([tensor('conv', [2, 3, 4])])), 'conv');
    expect([matrix.rows, matrix.cols, matrix.source]).toEqual([2, 12, 'm#conv, read as [2, 12]']);
  });

  it('reads an image convolution as [out, in*height*width], stacked experts as [experts*out, in]', async () => {
    const file = bytesSource('m', writeSafetensors([tensor('conv2d', [2, 3, 4, 5]), tensor('mlp.experts.down_proj', [4, 3, 2]), tensor('unexpected.weight', [4, 3, 2])]));
    expect((await listTensors(file)).map((e) => [e.name, e.matrix])).toEqual([['conv2d', [2, 60]], ['mlp.experts.down_proj', [12, 2]], ['unexpected.weight', [4, 6]]]);
    expect((await readMatrix(file, 'conv2d')).source).toBe('m#conv2d, read as [2, 60]');
  });

  it.each([[[3]], [[]], [[0, 3]]])('refuses the shape %o with a sentence', async (shape: number[]) => {
    const file = bytesSource('m', writeSafetensors([tensor('odd', shape), tensor('w', [2, 2])]));
    const sentence = await message(readMatrix(file, 'odd'));
    expect(sentence).toContain(`[${shape.join(', ')}]`);
    expect(sentence).toContain('Choose w [2, 2].');
    expect(await message(readMatrix(npy(shape)))).toContain(`x.npy has the shape [${shape.join(', ')}]`);
  });

  it('takes the only matrix, and asks which when there are several', async () => {
    expect((await readMatrix(bytesSource('m', writeSafetensors([tensor('w', [2, 2]), tensor('b', [2])])))).source).toBe('m#w');
    const several = bytesSource('m', writeSafetensors(counting(10).map((i) => tensor(`w${i}`, [2, 2]))));
    expect(await message(readMatrix(several))).toMatch(/10 matrices.*Name w0 \[2, 2\], .*w7 \[2, 2\], or one of 2 more\./);
    expect(await message(readMatrix(several, 'v'))).toMatch(/no tensor "v"/);
  });

  it('reads a browser file by slices, and says when it changed underneath', async () => {
    const bytes = writeSafetensors([tensor('w', [2, 2])]);
    expect((await readMatrix(fileSource(new File([bytes.slice().buffer], 'm.safetensors')))).data).toEqual(new Float32Array([0, 1, 2, 3]));
    const shrunk = { ...fileSource(new File([bytes.slice(0, 50).buffer], 'm.safetensors')), size: bytes.length };
    expect(await message(readMatrix(shrunk))).toMatch(/changed, moved or removed/);
  });

  it('reads one tensor of a 40 GB file without touching the rest', async () => {
    const gap = 40e9;
    const header = new TextEncoder().encode(JSON.stringify({
      big: { dtype: 'U8', shape: [gap], data_offsets: [0, gap] },
      w: { dtype: 'F32', shape: [1, 2], data_offsets: [gap, gap + 8] },
      huge: { dtype: 'U8', shape: [1e5, 1e5], data_offsets: [gap + 8, gap + 8 + 1e10] },
    }));
    let touched = 0;
    const source: ByteSource = {
      name: 'big.safetensors',
      size: 8 + header.length + gap + 8 + 1e10,
      read(offset, length) {
        touched += length;
        const out = new Uint8Array(length);
        const put = (at: number, bytes: Uint8Array): void => bytes.forEach((byte, i) => { if (at + i >= offset && at + i < offset + length) out[at + i - offset] = byte; });
        put(0, new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer));
        put(8, header);
        put(8 + header.length + gap, new Uint8Array(new Float32Array([5, 6]).buffer));
        return Promise.resolve(out);
      },
    };
    expect([...(await readMatrix(source, 'w')).data]).toEqual([5, 6]);
    expect(touched).toBeLessThan(1000);
    expect(await message(readMatrix(source, 'huge'))).toMatch(/10000000000 numbers, more than/);
  });

  it('names the formats that are dropped by mistake', async () => {
    const text = (name: string, content: string): ByteSource => bytesSource(name, new TextEncoder().encode(content));
    expect(await message(listTensors(text('a.gguf', 'no tensors here')))).toMatch(/a\.gguf does not begin with the signature GGUF/);
    expect(await message(listTensors(text('a.npz', 'PK\u0003\u0004 and so on')))).toMatch(/a\.npz is a zip archive/);
    expect(await message(listTensors(text('photo.png', 'no tensors here')))).toMatch(/no \.npy, \.safetensors or \.gguf file/);
    expect(await message(listTensors(text('a.npy', 'no tensors here')))).toMatch(/signature/);
    expect(await message(listTensors(text('a.npy', '')))).toMatch(/a\.npy is empty/);
    expect(await message(listTensors(text('a', 'x')))).toMatch(/no \.npy/);
  });
});

describe('matrix', () => {
  it('has a key that changes with every number, their order and the shape', () => {
    const data = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const keys = new Set([matrixKey(8, 8, data), matrixKey(4, 16, data)]);
    for (let i = 0; i < 64; i++) keys.add(matrixKey(8, 8, data.with(i, -data[i])));
    for (let i = 0; i < 63; i++) keys.add(matrixKey(8, 8, data.with(i, data[i + 1]).with(i + 1, data[i])));
    // i = 0 is zero, and its negation is another bit pattern: 2 shapes, 64 sign changes, 63 swaps.
    expect(keys.size).toBe(2 + 64 + 63);
    expect(matrixKey(8, 8, data.with(3, -data[3]).with(9, -data[9]))).not.toBe(matrixKey(8, 8, data));
    expect(matrixKey(8, 8, data.slice())).toBe(matrixKey(8, 8, data));
  });

  it('transposes back and forth', () => {
    const data = Float32Array.from(counting(35));
    expect(transposed(transposed(data, 5, 7), 7, 5)).toEqual(data);
    expect(toMatrix('m', 5, 7, data, true).data[1]).toBe(7);
  });
});

describe('files on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkernels-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('opens FILE, FILE#TENSOR, and a file with # in its name', async () => {
    const path = join(folder, 'm.safetensors');
    writeFileSync(path, writeSafetensors([tensor('layer#1.weight', [2, 2]), tensor('w', [1, 2])]));
    expect((await openMatrix(`${path}#w`)).cols).toBe(2);
    writeFileSync(join(folder, 'a#b.npy'), writeNpy('<f4', [1, 2], [1, 2]));
    expect((await openMatrix(join(folder, 'a#b.npy'))).source).toBe('a#b.npy');
    expect(await splitReference(`${path}#w`)).toEqual({ path, tensor: 'w' });
  });

  it('says what is wrong with a path', async () => {
    expect(await message(openMatrix(join(folder, 'absent.npy')))).toMatch(/absent\.npy does not exist/);
    expect(await message(openMatrix(folder))).toMatch(/is a folder/);
  });
});

/** The folder with the trained tensors; without it these tests are reported as skipped. */
const real = process.env.PAPERKERNELS_REAL ?? '';
describe.skipIf(!existsSync(join(real, 'silero_vad_16k.safetensors')))('real tensors (in the folder PAPERKERNELS_REAL)', () => {
  it('reads the trained weights and their activations', async () => {
    const weights = await openMatrix(`${join(real, 'silero_vad_16k.safetensors')}#lstm_cell.weight_ih`);
    const activations = await openMatrix(join(real, 'silero_vad_16k.lstm_input_activations.npy'));
    expect([weights.rows, weights.cols, activations.rows, activations.cols]).toEqual([512, 128, 1875, 128]);
    expect(weights.data[0]).toBeCloseTo(-0.03884525, 7);
  });
});
