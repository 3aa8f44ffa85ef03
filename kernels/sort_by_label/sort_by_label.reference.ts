import type { Dims } from '../define';

/** labels: [H,N], below C. Gives order: [H,N] and offsets: [H,C+1]. */
export function sortByLabelReference({ labels }: { labels: Uint32Array }, { H, N, C }: Dims): { order: Uint32Array; offsets: Uint32Array } {
  const [order, offsets] = [new Uint32Array(H * N), new Uint32Array(H * (C + 1))];
  for (let h = 0; h < H; h++) {
    const starts = offsets.subarray(h * (C + 1), (h + 1) * (C + 1));
    for (let i = 0; i < N; i++) starts[labels[h * N + i] + 1]++;
    for (let j = 0; j < C; j++) starts[j + 1] += starts[j];
    const next = starts.slice(0, C);
    for (let i = 0; i < N; i++) order[h * N + next[labels[h * N + i]]++] = i;
  }
  return { order, offsets };
}
