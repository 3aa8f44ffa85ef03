import type { Dims } from '../define';

/** rowptr: [N+1], partial: [N], carries: [S]. Gives y: [N]. */
export function csrAddCarriesReference(
  { rowptr, partial, carries }: { rowptr: Uint32Array; partial: Float32Array; carries: Float32Array },
  { N, Z, S }: Dims,
): { y: Float32Array } {
  const perThread = Math.ceil(Z / S);
  const y = Float32Array.from(partial);
  for (let n = 0; n < N; n++) {
    if (rowptr[n] === rowptr[n + 1]) continue;
    let sum = partial[n];
    const last = Math.floor((rowptr[n + 1] - 1) / perThread);
    for (let t = Math.floor(rowptr[n] / perThread) + 1; t <= last; t++) sum += carries[t];
    y[n] = sum;
  }
  return { y };
}
