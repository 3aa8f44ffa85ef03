import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { choleskyLower, choleskyUpper, inversePositiveDefinite, NotPositiveDefinite } from '../../src/linalg/cholesky';
import { jacobiSvd, lowRank, type Svd } from '../../src/linalg/jacobi';
import { householderQr, pivotedQr, thinQ } from '../../src/linalg/qr';
import { randomizedSvd } from '../../src/linalg/randomized';

const normals = (count: number, seed: number): Float64Array => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => rng.normal());
};

/** Largest entry of |QᵀQ − I| for a row-major [m,r]. */
function orthogonality(q: ArrayLike<number>, m: number, r: number): number {
  let worst = 0;
  for (let a = 0; a < r; a++) {
    for (let b = a; b < r; b++) {
      let sum = 0;
      for (let i = 0; i < m; i++) sum += q[i * r + a] * q[i * r + b];
      worst = Math.max(worst, Math.abs(sum - (a === b ? 1 : 0)));
    }
  }
  return worst;
}

/** ‖A − U_r S_r V_rᵀ‖_F */
function residual(a: ArrayLike<number>, { rows, cols, rank, u, s, v }: Svd, kept = rank): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let value = a[i * cols + j];
      for (let k = 0; k < kept; k++) value -= u[i * rank + k] * s[k] * v[j * rank + k];
      sum += value * value;
    }
  }
  return Math.sqrt(sum);
}

/** A matrix with these singular values: orthonormal factors from QR of normal deviates. */
function withSpectrum(m: number, n: number, spectrum: readonly number[], seed: number): Float64Array {
  const r = spectrum.length;
  const u = thinQ(householderQr(normals(m * r, seed), m, r));
  const v = thinQ(householderQr(normals(n * r, seed + 1), n, r));
  const a = new Float64Array(m * n);
  for (let k = 0; k < r; k++) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) a[i * n + j] += u[k * m + i] * spectrum[k] * v[k * n + j];
  return a;
}

function expectSvd(a: ArrayLike<number>, rows: number, cols: number): Svd {
  const svd = jacobiSvd(a, rows, cols);
  const size = Math.sqrt(Array.from(a).reduce((sum, x) => sum + x * x, 0));
  expect(svd.s).toHaveLength(Math.min(rows, cols));
  for (let k = 0; k < svd.rank; k++) {
    expect(svd.s[k]).toBeGreaterThanOrEqual(0);
    expect(svd.s[k]).toBeLessThanOrEqual(svd.s[Math.max(0, k - 1)]);
  }
  expect(orthogonality(svd.u, rows, svd.rank)).toBeLessThan(1e-12);
  expect(orthogonality(svd.v, cols, svd.rank)).toBeLessThan(1e-12);
  expect(residual(a, svd)).toBeLessThanOrEqual(1e-13 * size);
  return svd;
}

describe('jacobiSvd', () => {
  const shapes: readonly (readonly [number, number])[] = [[1, 1], [1, 7], [9, 1], [2, 2], [5, 3], [3, 5], [31, 17], [40, 64], [96, 33], [20, 130]];

  test.each(shapes)('%i x %i agrees with an independent solver', (rows, cols) => {
    const a = normals(rows * cols, rows * 1000 + cols);
    const svd = expectSvd(a, rows, cols);
    const other = new SingularValueDecomposition(Matrix.from1DArray(rows, cols, [...a]), { autoTranspose: true }).diagonal;
    svd.s.forEach((s, k) => expect(Math.abs(s - other[k])).toBeLessThanOrEqual(1e-12 * other[0]));
  });

  const spectra: readonly (readonly [string, number, number, readonly number[]])[] = [
    ['graded over 16 decades', 24, 20, Array.from({ length: 20 }, (_, k) => 10 ** (-k * 0.8))],
    ['repeated values', 18, 30, [5, 5, 5, 2, 2, 1, 1, 1, 1, 0.5]],
    ['rank 3 of 12', 40, 12, [3, 2, 1]],
    ['one outlier', 32, 32, [1e6, ...Array.from({ length: 31 }, () => 1)]],
    ['an orthogonal matrix', 16, 16, Array.from({ length: 16 }, () => 1)],
  ];
  test.each(spectra)('%s', (_, rows, cols, spectrum) => {
    const svd = expectSvd(withSpectrum(rows, cols, spectrum, 7), rows, cols);
    spectrum.forEach((s, k) => expect(Math.abs(svd.s[k] - s)).toBeLessThanOrEqual(1e-13 * spectrum[0] * Math.sqrt(rows)));
    for (let k = spectrum.length; k < svd.rank; k++) expect(svd.s[k]).toBeLessThanOrEqual(1e-13 * spectrum[0]);
  });

  test('zeros, repeated columns, zero rows, tiny and huge numbers', () => {
    expect([...expectSvd(new Float64Array(35), 5, 7).s]).toEqual([0, 0, 0, 0, 0]);
    expectSvd(Float64Array.from({ length: 60 }, (_, i) => i % 6), 10, 6); // ten equal rows
    expectSvd(normals(60, 3).map((x, i) => (i % 6 < 3 ? 0 : x)), 10, 6); // three zero columns
    expectSvd(normals(48, 4).map((x) => x * 1e-120), 8, 6);
    expectSvd(normals(48, 5).map((x) => x * 1e120), 8, 6);
    const diagonal = new Float64Array(36);
    for (let i = 0; i < 6; i++) diagonal[i * 7] = i - 3;
    expect([...expectSvd(diagonal, 6, 6).s]).toEqual([3, 2, 2, 1, 1, 0]);
  });

  test('small whole numbers of every rank, exact zeros among them', () => {
    const rng = createRng(12);
    for (let trial = 0; trial < 200; trial++) {
      const [rows, cols] = [1 + rng.below(7), 1 + rng.below(7)];
      expect(expectSvd(Float64Array.from({ length: rows * cols }, () => rng.below(3) - 1), rows, cols).rank).toBe(Math.min(rows, cols));
    }
  });

  test('refuses what it cannot factor, naming the entry', () => {
    expect(() => jacobiSvd([1, 2, Number.NaN, 4], 2, 2)).toThrow(/Entry 2 .* NaN/);
    expect(() => jacobiSvd([1, 2, 3], 2, 2)).toThrow(/4 entries, not 3/);
  });

  test('an empty side gives an empty decomposition', () => {
    expect(jacobiSvd([], 0, 4)).toMatchObject({ rank: 0, rows: 0, cols: 4 });
  });

  test('lowRank is the best approximation, and rank 0 is empty', () => {
    const a = withSpectrum(12, 20, [4, 3, 2, 1], 11);
    const svd = jacobiSvd(a, 12, 20);
    const { up, down } = lowRank(svd, 2);
    let sum = 0;
    for (let i = 0; i < 12; i++) for (let j = 0; j < 20; j++) sum += (a[i * 20 + j] - up[i * 2] * down[j] - up[i * 2 + 1] * down[20 + j]) ** 2;
    expect(Math.sqrt(sum)).toBeCloseTo(Math.sqrt(5), 6);
    expect(lowRank(svd, 0).up).toHaveLength(0);
    expect(lowRank(svd, 99).down).toHaveLength(12 * 20);
  });
});

describe('QR', () => {
  test('Q is orthonormal and R reproduces A, pivoted or not, for rank-deficient matrices too', () => {
    for (const [m, n, spectrum] of [[20, 9, [3, 1]], [15, 15, [1]], [30, 7, [7, 6, 5, 4, 3, 2, 1]]] as const) {
      const a = withSpectrum(n, m, spectrum, 5); // row-major [n,m] is column-major [m,n]
      for (const factor of [householderQr, pivotedQr]) {
        const qr = factor(a.slice(), m, n);
        const q = thinQ(qr);
        const rowMajor = Float64Array.from({ length: m * n }, (_, i) => q[(i % n) * m + Math.floor(i / n)]);
        expect(orthogonality(rowMajor, m, n)).toBeLessThan(1e-13);
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < m; i++) {
            let value = 0;
            for (let k = 0; k <= Math.min(j, qr.rank - 1); k++) value += q[k * m + i] * qr.factors[j * m + k];
            expect(Math.abs(value - a[qr.pivots[j] * m + i])).toBeLessThan(1e-13);
          }
        }
      }
    }
  });

  test('pivoting finds the rank', () => {
    expect(pivotedQr(withSpectrum(10, 30, [5, 4, 3], 9), 30, 10).rank).toBeLessThanOrEqual(4);
    expect(pivotedQr(new Float64Array(50), 10, 5).rank).toBe(0);
  });
});

describe('Cholesky', () => {
  const n = 23;
  const g = normals(n * 40, 2);
  const spd = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let k = 0; k < 40; k++) spd[i * n + j] += g[i * 40 + k] * g[j * 40 + k];

  test('A = L Lᵀ = Uᵀ U, and A A⁻¹ = I', () => {
    const [l, u, inverse] = [choleskyLower(spd, n), choleskyUpper(spd, n), inversePositiveDefinite(spd, n)];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let [ll, uu, identity] = [0, 0, 0];
        for (let k = 0; k < n; k++) {
          ll += l[i * n + k] * l[j * n + k];
          uu += u[k * n + i] * u[k * n + j];
          identity += spd[i * n + k] * inverse[k * n + j];
        }
        expect(Math.abs(ll - spd[i * n + j])).toBeLessThan(1e-11);
        expect(Math.abs(uu - spd[i * n + j])).toBeLessThan(1e-11);
        expect(Math.abs(identity - (i === j ? 1 : 0))).toBeLessThan(1e-11);
      }
    }
  });

  test('an indefinite matrix is refused by its pivot', () => {
    expect(() => choleskyLower(Float64Array.of(1, 2, 2, 1), 2)).toThrow(NotPositiveDefinite);
  });
});

describe('randomizedSvd', () => {
  const engine = new ReferenceEngine();
  const cases: readonly (readonly [string, number, number, number, (k: number) => number])[] = [
    ['geometric decay to a floor', 48, 80, 8, (k) => 10 * 0.5 ** k + 0.01],
    ['a flat tail after eight outliers', 100, 64, 8, (k) => (k < 8 ? 20 - k : 1)],
    ['a slow power law', 96, 120, 32, (k) => (k + 1) ** -0.5],
    ['no structure at all', 64, 64, 16, (k) => 1 + 1e-3 * (64 - k)],
    ['exact rank six', 40, 30, 6, (k) => (k < 6 ? 50 - 5 * k : 0)],
  ];
  test.each(cases)('%s: the residual is within a hundredth of the optimum', async (_, rows, cols, rank, value) => {
    const spectrum = Array.from({ length: Math.min(rows, cols) }, (_, k) => value(k));
    const a = Float32Array.from(withSpectrum(rows, cols, spectrum, 31));
    const best = residual(a, jacobiSvd(a, rows, cols), rank);
    for (const seed of [0, 1, 2]) {
      const svd = await withScope(engine, (scope) => randomizedSvd(scope, scope.upload(a, [rows, cols]), rank, { seed }));
      expect(residual(a, svd)).toBeLessThanOrEqual(1.01 * best);
      expect(orthogonality(svd.u, rows, rank)).toBeLessThan(1e-12);
      expect(orthogonality(svd.v, cols, rank)).toBeLessThan(1e-12);
    }
  });

  test('the same seed gives the same bits; rank 0 and full rank work', async () => {
    const a = Float32Array.from(normals(20 * 12, 8));
    const at = (rank: number, seed: number): Promise<Svd> => withScope(engine, (scope) => randomizedSvd(scope, scope.upload(a, [20, 12]), rank, { seed }));
    expect(await at(4, 3)).toEqual(await at(4, 3));
    expect((await at(0, 3)).rank).toBe(0);
    expect(residual(a, await at(12, 3))).toBeLessThan(1e-6);
  });
});
