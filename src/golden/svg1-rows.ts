/** `svg1_block_sparse_row_mask`: the tiles that Wan's FlashInfer path keeps, by their centres. */

import { blockRows } from '../attention/masks';
import type { Computed, GoldenAdapter, GoldenCase, Json } from './case';

const isRecord = (value: Json): value is { readonly [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

function numberOf(entry: { readonly [name: string]: Json }, name: string): number {
  const value = entry[name];
  if (typeof value !== 'number') throw new Error(`params.cases: ${name} must be a number but is ${JSON.stringify(value)}.`);
  return value;
}

function run({ params }: GoldenCase): Computed {
  const { cases } = params;
  if (!Array.isArray(cases)) throw new Error(`params.cases must be a list but is ${JSON.stringify(cases)}.`);
  const arrays: Record<string, ArrayLike<number>> = {};
  const table = cases.map((entry: Json, at) => {
    if (!isRecord(entry)) throw new Error(`params.cases: ${JSON.stringify(entry)} is not a set of numbers.`);
    const [frames, positions, multiplier] = ['frames', 'tokens_per_frame', 'multiplier'].map((name) => numberOf(entry, name));
    const index = entry.index === undefined ? at : numberOf(entry, 'index');
    const { edge, indptr, indices } = blockRows({ frames, positions }, multiplier);
    arrays[`indptr_${index}`] = indptr;
    arrays[`indices_${index}`] = indices;
    const density = indices.length / (indptr.length - 1) ** 2;
    return { index, frames, tokens_per_frame: positions, multiplier, block: edge, kept_blocks: indices.length, density };
  });
  return { arrays, scalars: { table } };
}

export const svg1Rows: GoldenAdapter = {
  algorithm: 'svg1_block_sparse_row_mask',
  run: (golden) => Promise.resolve(run(golden)),
  rules: { 'ind*': { kind: 'exact' }, 'table*': { kind: 'exact' } },
};
