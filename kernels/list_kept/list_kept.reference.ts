import type { Dims } from '../define';

/** kept: [H,Cq,Ck]. Gives list: [H,Cq,Ck] and count: [H,Cq]. */
export function listKeptReference({ kept }: { kept: Uint32Array }, { H, Cq, Ck }: Dims): { list: Uint32Array; count: Uint32Array } {
  const [list, count] = [new Uint32Array(H * Cq * Ck).fill(Ck), new Uint32Array(H * Cq)];
  for (let row = 0; row < H * Cq; row++) {
    for (let j = 0; j < Ck; j++) if (kept[row * Ck + j] !== 0) list[row * Ck + count[row]++] = j;
  }
  return { list, count };
}
