/** What a sparse method kept, lost and wasted, per head. */

import type { Attention } from '../../attention/dense';
import { massKept, relativeErrors } from '../../attention/measure';
import { realLength, type VideoHeads } from './heads';
import type { Clustering } from './kmeans';
import type { CentroidMap } from './map';

/** Mean over the real rows of each head of the attention that fell on kept keys (recall), 0 to 1. */
export const recallOf = (heads: VideoHeads, sparse: Attention, dense: Attention): number[] => [...massKept(sparse.lse, dense.lse, heads.H, realLength(heads))];

/** ‖o − o_dense‖ / ‖o_dense‖ over the real rows of each head. */
export const errorOf = (heads: VideoHeads, sparse: Attention, dense: Attention): number[] => [...relativeErrors(sparse.o, dense.o, heads.H, realLength(heads) * heads.D)];

/** How a map fills tiles of `side` × `side` tokens, of which a kernel of fixed tiles computes those with a kept pair. */
export interface TileUse {
  /** Share of the tiles that hold a kept pair. */
  readonly active: number;
  /** Share of all pairs that lie in those. */
  readonly covered: number;
}

/** Per head. @param arranged tokens in their own order, or brought together by cluster */
export function tileUse(queries: Clustering, keys: Clustering, { heads, queryClusters: Cq, keyClusters: Ck, kept }: CentroidMap, side: number, arranged: 'place' | 'cluster'): TileUse[] {
  const [N, M] = [queries.tokens, keys.tokens];
  const extent = (tile: number, length: number): number => Math.min(side, length - tile * side);
  return Array.from({ length: heads }, (_, h) => {
    const [rows, columns] = [tileLabels(queries, h, side, arranged), tileLabels(keys, h, side, arranged)];
    let [active, covered] = [0, 0];
    for (const [r, clusters] of rows.entries()) {
      const seen = new Uint8Array(Ck);
      for (const i of clusters) for (let j = 0; j < Ck; j++) if (kept[(h * Cq + i) * Ck + j]) seen[j] = 1;
      for (const [c, others] of columns.entries()) {
        if (!others.some((j) => seen[j])) continue;
        active++;
        covered += extent(r, N) * extent(c, M);
      }
    }
    return { active: active / (rows.length * columns.length), covered: covered / (N * M) };
  });
}

/** Share of active tiles, per head. */
export const activeTiles = (...of: Parameters<typeof tileUse>): number[] => tileUse(...of).map(({ active }) => active);

/** The clusters that have a token in each tile of one side. */
function tileLabels({ labels, order, tokens }: Clustering, head: number, side: number, arranged: 'place' | 'cluster'): number[][] {
  const first = head * tokens;
  return Array.from({ length: Math.ceil(tokens / side) }, (_, t) => {
    const found = new Set<number>();
    for (let at = t * side; at < Math.min(tokens, (t + 1) * side); at++) found.add(labels[first + (arranged === 'place' ? at : order[first + at])]);
    return [...found];
  });
}

/** The share of a block of n_q × n_k pairs that is padding, when it is computed in whole tiles. */
export function tileWaste(queries: number, keys: number, side: number): number {
  const padded = (n: number): number => Math.ceil(n / side) * side;
  return queries === 0 || keys === 0 ? 0 : 1 - (queries * keys) / (padded(queries) * padded(keys));
}

/**
 * Adjusted Rand index of two clusterings of the same tokens, per head: 1 where they are the same, about 0 where they
 * have nothing to do with each other.
 */
export function agreementOf(a: Clustering, b: Clustering): number[] {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const sum = (counts: Float64Array): number => counts.reduce((all, n) => all + pairs(n), 0);
  return Array.from({ length: a.heads }, (_, h) => {
    const [both, one, other] = [new Float64Array(a.count * b.count), new Float64Array(a.count), new Float64Array(b.count)];
    for (let i = h * a.tokens; i < (h + 1) * a.tokens; i++) {
      both[a.labels[i] * b.count + b.labels[i]]++;
      one[a.labels[i]]++;
      other[b.labels[i]]++;
    }
    const chance = (sum(one) * sum(other)) / pairs(a.tokens);
    const most = (sum(one) + sum(other)) / 2;
    return most === chance ? 1 : (sum(both) - chance) / (most - chance);
  });
}
