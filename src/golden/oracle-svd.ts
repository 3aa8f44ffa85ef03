/** The full SVD, its best approximations, and the randomized one at the ranks the case names. */

import { withScope, type Engine } from '../engine/engine';
import { jacobiSvd, type Svd } from '../linalg/jacobi';
import { randomizedSvd } from '../linalg/randomized';
import { floats, matrixShape, type Computed, type GoldenAdapter, type GoldenCase, type Json } from './case';
import type { Check } from './compare';

/** U_r diag(s_r) V_rᵀ, row-major float64. */
function productOf({ rows, cols, rank, u, s, v }: Svd, r: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < Math.min(r, rank); k++) {
      const left = u[i * rank + k] * s[k];
      for (let j = 0; j < cols; j++) out[i * cols + j] += left * v[j * rank + k];
    }
  }
  return out;
}

const normOf = (a: ArrayLike<number>, b?: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - (b ? b[i] : 0)) ** 2;
  return Math.sqrt(sum);
};

/** Ranks that the case speaks of, in its arrays or its scalars (`rank8_product`, `rank8_residual_fro`). */
function ranksOf(golden: GoldenCase): number[] {
  const names = [...Object.keys(golden.expected), ...Object.keys(golden.scalars)];
  const found = names.flatMap((name) => { const m = /^rank(\d+)_/.exec(name); return m ? [Number(m[1])] : []; });
  return [...new Set(found)].sort((a, b) => a - b);
}

/** How the case's own randomized run was set up, where it has one. */
function setup(golden: GoldenCase, rank: number): { oversample: number; iterations: number } {
  const given = golden.scalars[`rank${rank}_randomized`];
  const read = (name: string, fallback: number): number => {
    const value = typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Readonly<Record<string, Json>>)[name] : undefined;
    return typeof value === 'number' ? value : fallback;
  };
  return { oversample: read('oversample', 10), iterations: read('power_iterations', 4) };
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const a = floats(golden, 'A');
  const [rows, cols] = matrixShape(golden, 'A');
  const svd = jacobiSvd(a, rows, cols);
  const total = svd.s.reduce((sum, s) => sum + s * s, 0);
  let running = 0;
  const energy = svd.s.map((s) => (running += s * s) / total);

  const arrays: Record<string, ArrayLike<number>> = { singular_values: svd.s, energy };
  const scalars: Record<string, Json> = {
    singular_values_float64: [...svd.s],
    frobenius: normOf(a),
    numerical_rank_1e_6: svd.s.filter((s) => s > 1e-6 * svd.s[0]).length,
  };
  const checks: Check[] = [];
  for (const rank of ranksOf(golden)) {
    const product = productOf(svd, rank);
    const residual = normOf(a, product);
    arrays[`rank${rank}_product`] = product;
    scalars[`rank${rank}_residual_fro`] = residual;
    const theirs = golden.scalars[`rank${rank}_residual_fro`];
    if (typeof theirs === 'number') {
      // Below 1e-10 of ‖A‖, the solver's own bound, a residual is rounding: there the two need only be as small.
      const bound = 1e-6 * theirs + 1e-10 * Math.sqrt(total);
      checks.push({ quantity: `rank${rank}_residual_fro`, deviation: Math.abs(residual - theirs), bound, ok: Math.abs(residual - theirs) <= bound });
    }

    const { oversample, iterations } = setup(golden, rank);
    const approximate = await withScope(engine, (scope) => randomizedSvd(scope, scope.upload(a, [rows, cols]), rank, { oversample, iterations, seed: 1 }));
    const reached = normOf(a, productOf(approximate, rank));
    const ratio = residual === 0 ? 1 : reached / residual;
    scalars[`rank${rank}_randomized`] = {
      oversample, power_iterations: iterations, singular_values: [...approximate.s], residual_fro: reached, ratio_to_optimum: ratio,
    };
    // Nothing can be nearer than the optimum; a full-rank residual is rounding alone.
    const excess = reached <= 1e-12 * Math.sqrt(total) ? 0 : ratio - 1;
    checks.push({ quantity: `rank${rank}_randomized excess residual`, deviation: excess, bound: 0.01, ok: excess <= 0.01 });
  }
  return { arrays, scalars, checks };
}

export const oracleSvd: GoldenAdapter = {
  algorithm: 'oracle_svd',
  run,
  rules: {
    // The stored arrays are float32: 1e-7 of the largest is their rounding. The float64 list is held to 1e-10.
    singular_values: { kind: 'largest', bound: 1e-7 },
    singular_values_float64: { kind: 'largest', bound: 1e-10 },
    energy: { kind: 'absolute', bound: 1e-6 },
    'rank*_product': { kind: 'frobenius', bound: 1e-5 },
    frobenius: { kind: 'relative', bound: 1e-10 },
    numerical_rank_1e_6: { kind: 'exact' },
    'rank*_residual_fro': { kind: 'free', why: 'a residual of rounding has no digits; see the checks' },
    'rank*_randomized.*': { kind: 'free', why: 'the random test matrix is not specified; the residual is held to 1 % of the optimum' },
  },
};
