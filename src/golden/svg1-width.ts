/** `svg1_sparsity_to_width`: half-width of the band from the share of pairs to keep. */

import { sparsityToWidth } from '../attention/masks';
import type { Computed, GoldenAdapter, GoldenCase } from './case';

/** Rows of kept fraction, text tokens, frames, tokens per frame, and the width; of the array where no table is told in full digits. */
function tableOf({ name, scalars, expected }: GoldenCase): readonly (readonly number[])[] {
  const told = scalars.table_float64;
  const data = expected.table?.data;
  const rows: readonly unknown[] | undefined = Array.isArray(told) ? told : data && Array.from({ length: data.length / 5 }, (_, r) => Array.from(data.subarray(5 * r, 5 * r + 5)));
  if (!rows) throw new Error(`${name} has neither table_float64 among its scalars nor out_table.npy.`);
  return rows.map((row) => {
    if (!Array.isArray(row) || row.length !== 5 || !row.every((v) => typeof v === 'number')) throw new Error(`${name}: a row of the table is not five numbers.`);
    return row as number[];
  });
}

function run(golden: GoldenCase): Computed {
  const rows = tableOf(golden).map(([kept, text, frames, positions]) => [kept, text, frames, positions, sparsityToWidth(kept, text, frames, positions)]);
  return { arrays: { table: rows.flat() }, scalars: { table_float64: rows } };
}

export const svg1Width: GoldenAdapter = {
  algorithm: 'svg1_sparsity_to_width',
  run: (golden) => Promise.resolve(run(golden)),
  rules: {
    table: { kind: 'relative', bound: 1e-6 },
    'table_float64*': { kind: 'relative', bound: 1e-6 },
  },
};
