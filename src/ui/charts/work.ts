/** Numbers behind the picture of work per thread. */

export interface Work {
  readonly max: number;
  /** Number of the first that has the most. */
  readonly at: number;
  /** Over all threads, idle ones included. */
  readonly mean: number;
  readonly idle: number;
}

export function workOf(data: ArrayLike<number>): Work {
  let [max, at, sum, idle] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    sum += data[i];
    if (data[i] === 0) idle += 1;
    if (data[i] > max) [max, at] = [data[i], i];
  }
  return { max, at, mean: data.length ? sum / data.length : 0, idle };
}

/** At most one column for each pixel; a column that stands for several shows the largest of them. */
export function columnsOf(data: ArrayLike<number>, width: number): Float64Array {
  const columns = new Float64Array(Math.max(1, Math.min(data.length, Math.floor(width))));
  for (let i = 0; i < data.length; i++) {
    const column = Math.floor((i * columns.length) / data.length);
    columns[column] = Math.max(columns[column], data[i]);
  }
  return columns;
}
