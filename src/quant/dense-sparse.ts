/**
 * Dense-and-sparse quantization (SqueezeLLM, arXiv 2306.07629): what is sensitive or large is stored as it is in CSR,
 * the rest as codes into one codebook per row.
 */

import type { Scope } from '../engine/engine';
import { codebookBits, rowPointerBits, sparseBits } from './bits';
import { decodeBooks, fitCodebooks, type Codebooks, type FitOptions } from './codebook';
import { toCsr, type Csr } from './csr';
import { nearestToZero } from './nearest';
import { split, type Split, type SplitOptions } from './split';

export interface DenseSparse {
  readonly split: Split;
  readonly codebooks: Codebooks;
  /** c0, [N]: the row's level nearest 0, which the dense part yields where a weight was removed. */
  readonly zero: Float32Array;
  /** w − c0(row) of every removed weight (squeezellm/quant.py, pack2): added to the dense part it gives w. */
  readonly csr: Csr;
  /** Ŵ [N,K]: dense + sparse, in float32. */
  readonly reconstructed: Float32Array;
  /** All that is stored: b + 16·2^b/K + 48 · sparse share, as the paper counts, and 32 (N + 1) / NK for the row pointers. */
  readonly bitsPerWeight: number;
}

/**
 * @param pause as in fitCodebooks
 * @param parts what leaves, where that is known already
 */
export async function denseAndSparse(scope: Scope, o: FitOptions & SplitOptions, pause?: () => Promise<void>, parts: Split = split(o.weights, o)): Promise<DenseSparse> {
  const { weights, rows, cols, bits } = o;
  const codebooks = await fitCodebooks(scope, { ...o, weights: parts.dense, removed: removedOf(parts.kind, o.removed) }, pause);
  const sparse = restore(weights, parts.kind, codebooks);
  const nonzeros = sparse.csr.values.length;
  return {
    split: parts, codebooks, ...sparse,
    bitsPerWeight: codebookBits(bits, cols) + sparseBits(nonzeros / Math.max(1, weights.length)) + rowPointerBits(nonzeros, rows, cols),
  };
}

/**
 * The sparse part that a codebook leaves, and the matrix that both give.
 * @param kind [N,K], not 0 where a weight was removed
 */
export function restore(weights: Float32Array, kind: Uint8Array, books: Omit<Codebooks, 'cost'>): Pick<DenseSparse, 'zero' | 'csr' | 'reconstructed'> {
  const { rows, cols, bits, book } = books;
  const zero = Float32Array.from({ length: rows }, (_, n) => nearestToZero(book.subarray(n << bits, (n + 1) << bits)));
  const reconstructed = decodeBooks(books);
  const correction = new Float32Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    if (kind[i] === 0) continue;
    correction[i] = weights[i] - zero[Math.floor(i / cols)];
    reconstructed[i] += correction[i];
  }
  return { zero, csr: toCsr(correction, kind, rows, cols), reconstructed };
}

function removedOf(kind: Uint8Array, more: Uint8Array | undefined): Uint8Array {
  return more ? kind.map((v, i) => (v || more[i] ? 1 : 0)) : kind;
}
