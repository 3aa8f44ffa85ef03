/** Maps of clusters, held against a case: exactly where the top-p rule leaves no doubt, and followed where it does. */

import type { CentroidMap } from '../papers/svg2/map';
import type { GoldenCase } from './case';
import { compare, type Check } from './compare';

export interface Setting {
  readonly index: number;
  readonly topP: number;
  /** Share of key clusters kept in any case. */
  readonly minKept: number;
}

/** The least distance of a sum of descending probabilities to p: how near a decision was. */
export function marginTo(p: number, { probability, keyClusters }: CentroidMap): number {
  let least = Infinity;
  for (let first = 0; first < probability.length; first += keyClusters) {
    let sum = 0;
    for (const v of probability.slice(first, first + keyClusters).sort().reverse()) {
      sum += v;
      least = Math.min(least, Math.abs(sum - p));
    }
  }
  return least;
}

/** Sums of float32 probabilities this near p may fall on either side of it, and equal ones stand in any order. */
const [NEAR, EQUAL] = [1e-4, 1e-6];

/** Whether the rule leaves entry j of a row no choice, wherever rounding puts it. */
function decided(row: Float32Array, j: number, { topP, minKept }: Setting): boolean {
  const least = Math.trunc(minKept * row.length);
  let [before, atMost, rank, last] = [0, 0, 0, 0];
  for (const [i, v] of row.entries()) {
    if (i === j || v < row[j] - EQUAL) continue;
    atMost += v;
    last++;
    if (v <= row[j] + EQUAL) continue;
    before += v;
    rank++;
  }
  const kept = last === 0 || last < least || atMost <= topP - NEAR;
  return kept || (rank >= least && before > topP + NEAR);
}

/** The map as found, but with the case's choice where the rule leaves one: what follows depends on it, and is compared. */
export function followed(golden: GoldenCase, name: string, map: CentroidMap, setting: Setting): CentroidMap {
  const expected = golden.expected[name];
  if (!expected) return map;
  const { queryClusters: Cq, keyClusters: Ck } = map;
  const [, rows, columns] = expected.shape; // those of text are the last
  const kept = map.kept.map((own, at) => {
    const [row, j] = [Math.floor(at / Ck), at % Ck];
    const theirs = expected.data[(Math.floor(row / Cq) * rows + (row % Cq)) * columns + j];
    return own === theirs || decided(map.probability.subarray(row * Ck, (row + 1) * Ck), j, setting) ? own : theirs;
  });
  return { ...map, kept };
}

export function mapCheck(golden: GoldenCase, name: string, { kept }: CentroidMap): readonly Check[] {
  const expected = golden.expected[name];
  return expected ? [compare(`${name} where the rule leaves no choice`, kept, expected.data, { kind: 'exact' })] : [];
}
