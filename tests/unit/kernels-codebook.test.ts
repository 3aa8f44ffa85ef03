/** Packed codes of any width, products with codebooks, and the sparse products beside them. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codebookCsrMatvec } from '../../kernels/codebook_csr_matvec/codebook_csr_matvec';
import { codebookMatmul } from '../../kernels/codebook_matmul/codebook_matmul';
import { codebookMatvec } from '../../kernels/codebook_matvec/codebook_matvec';
import { csrAddCarries } from '../../kernels/csr_add_carries/csr_add_carries';
import { csrMatvec } from '../../kernels/csr_matvec/csr_matvec';
import { balancedSchedule, balancedStarts, csrMatvecBalanced } from '../../kernels/csr_matvec_balanced/csr_matvec_balanced';
import { decodeCodebook } from '../../kernels/decode_codebook/decode_codebook';
import { fisherDiagonal } from '../../kernels/fisher_diagonal/fisher_diagonal';
import { bitWords, packBits, unpackBits } from '../../kernels/formats';
import { packInt4 } from '../../kernels/nibbles';
import { randomCodebook } from '../../kernels/random-codebook';
import { everyRow, innerRows, middleRow, randomCsr } from '../../kernels/random-csr';
import { createRng } from '../../kernels/rng';
import { roundAffine } from '../../kernels/round_affine/round_affine';
import { ShapeError, evalExtent } from '../../kernels/shape';
import { updateCodebook } from '../../kernels/update_codebook/update_codebook';
import { ReferenceEngine } from '../../src/engine/reference';

describe('packing', () => {
  test('4 bits: eight nibbles to a word, the first lowest', () => {
    expect(packBits([0, 1, 2, 3, 4, 5, 6, 7], 1, 8, 4)).toEqual(Uint32Array.of(0x76543210, 0, 0, 0));
    const codes = Array.from({ length: 96 }, (_, i) => (7 * i) % 16);
    expect(packBits(codes, 3, 32, 4)).toEqual(packInt4(codes, 3, 32));
  });

  test('3 bits: codes 10 and 21 of 32 straddle words (2 | 1 and 1 | 2 bits), as officially', () => {
    const alone = (k: number) => [...packBits(Array.from({ length: 32 }, (_, i) => (i === k ? 7 : 0)), 1, 32, 3)];
    expect(alone(9)).toEqual([(7 << 27) >>> 0, 0, 0]);
    expect(alone(10)).toEqual([(3 << 30) >>> 0, 1, 0]);
    expect(alone(11)).toEqual([0, 7 << 1, 0]);
    expect(alone(20)).toEqual([0, (7 << 28) >>> 0, 0]);
    expect(alone(21)).toEqual([0, (1 << 31) >>> 0, 3]);
    expect(alone(22)).toEqual([0, 0, 7 << 2]);
    expect(alone(31)).toEqual([0, 0, (7 << 29) >>> 0]);
  });

  test('unpacking gives back what was packed, at every width', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 70 }), fc.integer({ min: 2, max: 8 }))
      .chain(([rows, cols, bits]) => fc.record({ rows: fc.constant(rows), cols: fc.constant(cols), bits: fc.constant(bits), codes: fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: rows * cols, maxLength: rows * cols }) }));
    fc.assert(
      fc.property(matrix, ({ rows, cols, bits, codes }) => {
        const words = packBits(codes, rows, cols, bits);
        expect(words).toHaveLength(rows * bitWords(cols, bits));
        expect(unpackBits(words, rows, cols, bits)).toEqual(Uint8Array.from(codes));
      }),
    );
  });

  test('widths and lengths that cannot be are refused', () => {
    expect(() => packBits([0], 1, 1, 9)).toThrow('codes of 9 bits cannot be packed; use 2 to 8.');
    expect(() => unpackBits(new Uint32Array(1), 1, 1, 1.5)).toThrow('codes of 1.5 bits');
    expect(() => packBits([0], 1, 2, 4)).toThrow('1 rows of 2 codes are 2, but 1 are given.');
    expect(() => unpackBits(new Uint32Array(2), 1, 1, 3)).toThrow('take 3 words, but 2 are given.');
  });
});

const normals = (seed: number, size: number): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: size }, () => rng.normal());
};

/** The largest difference, as a share of the largest number. */
function apart(a: Float32Array, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Math.max(0, ...a.map((v, i) => Math.abs(v - b[i]))) / Math.max(1e-6, ...a.map(Math.abs));
}
/** Above the rounding of a few float32 sums of the same products. */
const ROUNDING = 1e-5;

describe('shapes of packed codes', () => {
  test('sums, powers, and products of a quotient', () => {
    const dims = { N: 5, K: 33, B: 3 };
    expect([evalExtent('N+1', dims), evalExtent('2^B', dims), evalExtent('ceil(K/32)*B', dims), evalExtent('2*K', dims)]).toEqual([6, 8, 6, 66]);
  });

  test('a book of another width than the codes is refused by name', () => {
    const scope = new ReferenceEngine().scope();
    const [x, codes, book] = [scope.upload(new Float32Array(32), [32]), scope.upload(new Uint32Array(6), [2, 3]), scope.upload(new Float32Array(32), [2, 16])];
    expect(() => scope.run(codebookMatvec, { x, codes, book }, { dims: { B: 3 } })).toThrow(ShapeError);
    expect(() => scope.run(codebookMatvec, { x, codes, book }, { dims: { B: 3 } })).toThrow('2^B is 8 here');
    scope.dispose();
  });
});

describe('round_affine', () => {
  const round = (values: number[], bits: number) => [...roundAffine.reference({ x: Float32Array.from(values) }, { M: 1, K: values.length, G: values.length }, { bits }).y];

  test('even steps from the smallest to the largest value, zero among them', () => {
    expect(round([-1, 0, 1, 2], 2)).toEqual([-1, 0, 1, 2]);
    expect(round([-1, 0.4, 0.6, 2], 2)).toEqual([-1, 0, 1, 2]);
    expect(round([3, 3.1, 6], 2)).toEqual([4, 4, 6]); // the range reaches down to zero
    expect(round([-6, -3, 0], 2)).toEqual([-6, -4, 0]);
    expect(round([0, 0], 4)).toEqual([0, 0]);
  });

  test('at most 2^bits levels, and none further than half a step', () => {
    const x = normals(1, 500);
    const y = round([...x], 3);
    expect(new Set(y).size).toBe(8);
    const step = (Math.max(...x) - Math.min(...x)) / 7;
    // The zero point is rounded too, so the ends may be cut by half a step more.
    expect(Math.max(...y.map((v, i) => Math.abs(v - x[i])))).toBeLessThanOrEqual(step * 1.0001);
  });
});

describe('update_codebook', () => {
  const update = (w: number[], f: number[], codes: number[], book: number[]) =>
    updateCodebook.reference({ w: Float32Array.from(w), f: Float32Array.from(f), codes: Uint32Array.from(codes), book: Float32Array.from(book) }, { N: 1, K: w.length, C: book.length }, {});

  test('weighted means; what moved', () => {
    const { next, shift } = update([0, 1, 10], [1, 9, 1], [0, 0, 1], [0, 9]);
    expect(next).toEqual(Float32Array.of(0.9, 10));
    expect(shift[0]).toBeCloseTo(0.81 + 1, 6);
  });

  test('an empty cluster keeps its value, and so does one whose weights count nothing', () => {
    expect(update([1, 2, 8], [1, 1, 0], [0, 0, 2], [0, 5, 7]).next).toEqual(Float32Array.of(1.5, 5, 7));
  });

  test('in a row where nothing counts, every weight counts once', () => {
    expect(update([1, 2, 8], [0, 0, 0], [0, 0, 1], [0, 0]).next).toEqual(Float32Array.of(1.5, 8));
  });
});

test('fisher_diagonal is the mean of the squared gradients of single samples', () => {
  const [T, N, K] = [6, 3, 4];
  const [delta, x] = [normals(2, T * N), normals(3, T * K)];
  const { f } = fisherDiagonal.reference({ delta, x }, { T, N, K }, {});
  const mean = Array.from({ length: N * K }, (_, i) => {
    const gradients = Array.from({ length: T }, (_, t) => delta[t * N + Math.floor(i / K)] * x[t * K + (i % K)]);
    return gradients.reduce((sum, g) => sum + g * g, 0) / T;
  });
  expect(apart(f, mean)).toBeLessThan(ROUNDING);
});

describe('the balanced schedule', () => {
  test('as officially: about ten to a thread, threads in blocks of 128', () => {
    expect(balancedSchedule(1000)).toEqual({ threads: 128, perThread: 8 });
    expect(balancedSchedule(1280)).toEqual({ threads: 128, perThread: 10 });
    expect(balancedSchedule(1281)).toEqual({ threads: 256, perThread: 6 });
    expect(balancedSchedule(0)).toEqual({ threads: 128, perThread: 0 });
  });

  test('never more than ten to a thread, and room for all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e8 }), (nonzeros) => {
        const { threads, perThread } = balancedSchedule(nonzeros);
        expect(perThread <= 10 && threads * perThread >= nonzeros && threads % 128 === 0).toBe(true);
      }),
    );
  });

  test('starts: the first row at or after each share', () => {
    expect(balancedStarts(Uint32Array.of(0, 0, 3, 3, 8, 8), 4)).toEqual(Uint32Array.of(0, 2, 4, 4)); // shares from 0, 2, 4 and 6
    expect(balancedStarts(Uint32Array.of(0, 0, 0), 2)).toEqual(Uint32Array.of(0, 0));
    expect(balancedStarts(Uint32Array.of(0, 2, 4), 128).slice(0, 6)).toEqual(Uint32Array.of(0, 1, 1, 2, 2, 2)); // one nonzero to a share
  });
});

const LAYOUTS = { everyRow, innerRows, middleRow };
const matrices = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  layout: fc.constantFrom('everyRow', 'innerRows', 'middleRow' as const),
  N: fc.integer({ min: 3, max: 40 }),
  K: fc.integer({ min: 1, max: 60 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** A matrix of the given layout, a vector, and what the dense product of the two is. */
function sparseCase({ seed, layout, N, K, share }: { seed: number; layout: keyof typeof LAYOUTS; N: number; K: number; share: number }) {
  const rows = LAYOUTS[layout](N);
  const Z = Math.floor((share * rows.length * K) / 2);
  const csr = randomCsr(createRng(seed), { N, K, Z }, LAYOUTS[layout]);
  const x = normals(seed + 1, K);
  const dense = new Float64Array(N);
  for (let n = 0; n < N; n++) for (let i = csr.rowptr[n]; i < csr.rowptr[n + 1]; i++) dense[n] += csr.values[i] * x[csr.cols[i]];
  return { dims: { N, K, Z }, inputs: { ...csr, x }, dense };
}

describe('sparse products', () => {
  test('plain, balanced and dense agree, whatever rows are empty', () => {
    fc.assert(
      fc.property(matrices, fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }), (spec, threads) => {
        const { dims, inputs, dense } = sparseCase(spec);
        const starts = balancedStarts(inputs.rowptr, threads);
        const sizes = { ...dims, S: starts.length };
        const parts = csrMatvecBalanced.reference({ ...inputs, starts }, sizes, {});
        const { y } = csrAddCarries.reference({ rowptr: inputs.rowptr, ...parts }, sizes, {});
        expect(apart(csrMatvec.reference(inputs, dims, {}).y, dense)).toBeLessThan(ROUNDING);
        expect(apart(y, dense)).toBeLessThan(ROUNDING);
      }),
      { numRuns: 200 },
    );
  });
});

describe('products with codebooks', () => {
  const widths = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), N: fc.integer({ min: 1, max: 9 }), K: fc.integer({ min: 1, max: 70 }), B: fc.integer({ min: 2, max: 8 }), T: fc.integer({ min: 1, max: 5 }) });

  test('of one token and of several: the product with the decoded matrix; with nonzeros, the sum of both', () => {
    fc.assert(
      fc.property(widths, ({ seed, N, K, B, T }) => {
        const coded = randomCodebook(createRng(seed), { N, K, B });
        const x = normals(seed, T * K);
        const w = decodeCodebook.reference(coded, { N, K, B }, {}).w;
        const dense = Array.from({ length: T * N }, (_, i) => x.subarray(Math.floor(i / N) * K, (Math.floor(i / N) + 1) * K).reduce((sum, v, k) => sum + v * w[(i % N) * K + k], 0));
        expect(apart(codebookMatmul.reference({ x, ...coded }, { T, N, K, B }, {}).y, dense)).toBeLessThan(ROUNDING);
        const token = x.slice(0, K);
        const first = codebookMatvec.reference({ x: token, ...coded }, { N, K, B }, {}).y;
        expect(apart(first, dense.slice(0, N))).toBeLessThan(ROUNDING);
        const Z = Math.floor((N * K) / 3);
        const csr = randomCsr(createRng(seed + 1), { N, K, Z });
        const sparse = csrMatvec.reference({ ...csr, x: token }, { N, K, Z }, {}).y;
        expect(apart(codebookCsrMatvec.reference({ x: token, ...coded, ...csr }, { N, K, B, Z }, {}).y, first.map((v, n) => v + sparse[n]))).toBeLessThan(ROUNDING);
      }),
      { numRuns: 100 },
    );
  });
});
