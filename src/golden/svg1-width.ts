/** `svg1_sparsity_to_width`: half-width of the band from the share of pairs to keep. */

import { sparsityToWidth } from '../attention/masks';
import type { Computed, GoldenAdapter, GoldenCase } from './case';

/** Rows of kept fraction, text tokens, frames, tokens per frame, and the width. */
function run({ name, scalars }: GoldenCase): Computed {
  const { table_float64: table } = scalars;
  if (!Array.isArray(table)) throw new Error(`${name} has no table_float64.`);
  const rows = table.map((row: unknown) => {
    if (!Array.isArray(row) || row.length !== 5 || !row.every((v) => typeof v === 'number')) throw new Error(`${name}: a row of the table is not five numbers.`);
    const [kept, text, frames, positions] = row as number[];
    return [kept, text, frames, positions, sparsityToWidth(kept, text, frames, positions)];
  });
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
