/** Smooth random fields for drawn scenes: the same seed gives the same field everywhere. */

/** Uniform in [0, 1) from a lattice point (finalised as in murmur3). */
function lattice(seed: number, i: number, j: number): number {
  let h = Math.imul(i, 0x27d4eb2f) ^ Math.imul(j, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

const ease = (t: number): number => t * t * (3 - 2 * t);

/** Value noise in [0, 1): random at whole coordinates, smooth between them. */
export function noise(seed: number, x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [ease(x - i), ease(y - j)];
  const top = lattice(seed, i, j) * (1 - u) + lattice(seed, i + 1, j) * u;
  const bottom = lattice(seed, i, j + 1) * (1 - u) + lattice(seed, i + 1, j + 1) * u;
  return top * (1 - v) + bottom * v;
}

/** Three octaves of it, each of half the height and twice as fine. */
export const rough = (seed: number, x: number, y: number): number =>
  (4 * noise(seed, x, y) + 2 * noise(seed + 1, 2 * x, 2 * y) + noise(seed + 2, 4 * x, 4 * y)) / 7;
