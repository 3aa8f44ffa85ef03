/** Points far from the origin, brought to it: their distances stay, and float32 keeps its digits. */

/** x: [H,N,D] */
interface Cloud {
  readonly heads: number;
  readonly tokens: number;
  readonly dim: number;
  readonly x: Float32Array;
}

/** Points whose mean is this much longer than their spread lose digits where a kernel expands the square of a distance. */
const FAR = 4;

/** The mean of each head, [H,D], where some head lies far from the origin; distances to centers moved alike stay as they are. */
export function originOf({ heads, tokens, dim, x }: Cloud): Float64Array | undefined {
  const mean = new Float64Array(heads * dim);
  for (let i = 0; i < x.length; i++) mean[Math.floor(i / (tokens * dim)) * dim + (i % dim)] += x[i] / tokens;
  const [far, squares] = [new Float64Array(heads), new Float64Array(heads)];
  mean.forEach((m, i) => { far[Math.floor(i / dim)] += m * m; });
  for (let i = 0; i < x.length; i++) squares[Math.floor(i / (tokens * dim))] += (x[i] * x[i]) / tokens;
  return far.some((m, h) => m > FAR ** 2 * (squares[h] - m)) ? mean : undefined;
}

/** x [H,n,D] with the origin of each head added or taken away. */
export function shifted(x: Float32Array, origin: Float64Array, { heads, dim }: Pick<Cloud, 'heads' | 'dim'>, sign: 1 | -1): Float32Array {
  const size = x.length / heads;
  return x.map((v, i) => v + sign * origin[Math.floor(i / size) * dim + (i % dim)]);
}
