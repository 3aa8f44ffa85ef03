/** Seeded random numbers: sfc32, the same stream on every machine that has IEEE doubles. */

export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box and Muller, both values used). */
  normal(): number;
  /** Integer in [0, n). */
  below(n: number): number;
}

/** Small fast counter generator by C. Doty-Humphrey, seeded by splitmix32 of `seed`. */
export function createRng(seed: number): Rng {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const split = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [split(), split(), split(), 1];
  const next = (): number => {
    const t = (a + b + d) >>> 0;
    d = (d + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c >>>= 0;
    return t;
  };
  for (let i = 0; i < 12; i++) next();

  let spare: number | undefined;
  const uniform = (): number => (next() * 2097152 + (next() >>> 11)) / 9007199254740992;
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below: (n) => Math.floor(uniform() * n),
  };
}
