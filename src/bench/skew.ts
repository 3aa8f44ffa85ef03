/** Is the sparse product indifferent to where the nonzeros lie? Its time over its time with as many in every row. */

import { csrAddCarries } from '../../kernels/csr_add_carries/csr_add_carries';
import { csrMatvec } from '../../kernels/csr_matvec/csr_matvec';
import { balancedStarts, csrMatvecBalanced } from '../../kernels/csr_matvec_balanced/csr_matvec_balanced';
import type { AnyKernel, Data, Dims } from '../../kernels/define';
import { createRng } from '../../kernels/rng';
import type { Engine } from '../engine/engine';
import { quantile } from '../engine/timing';
import { race } from './race';
import type { SkewRow } from './report';

interface Launch {
  readonly kernel: AnyKernel;
  readonly dims: Dims;
  readonly inputs: Readonly<Record<string, Data>>;
}

/** One product with one matrix: a launch, or two of which the second adds the carries. */
interface Work {
  readonly kernel: AnyKernel;
  readonly what: string;
  readonly dims: Dims;
  readonly launches: readonly Launch[];
}

/** Twice as many nonzeros as columns, so that one dense row holds half of them. */
const SIZES = { software: { N: 512, K: 8192, Z: 16_384 }, gpu: { N: 4096, K: 65_536, Z: 131_072 } };
const ROUNDS = 9;

/** Nonzeros of each row in proportion to `weight`, together as many as there are. */
interface Layout {
  readonly what: string;
  readonly weight: (n: number, N: number) => number;
}

const LAYOUTS: readonly [Layout, ...Layout[]] = [
  { what: 'even rows', weight: () => 1 },
  { what: 'a sixteenth of the rows holds half', weight: (n, N) => (n % 16 === 7 ? 16 / N : 16 / 15 / N) },
  { what: 'one row holds half', weight: (n, N) => (n === N >> 1 ? N - 1 : 1) },
];

/** CSR of that layout; what rounding leaves over goes to the first rows. Columns of a row are spread over K, ascending. */
function matrix({ weight }: Layout, { N, K, Z }: typeof SIZES.gpu): { rowptr: Uint32Array; cols: Uint32Array; values: Float32Array } {
  const rng = createRng(1);
  const weights = Array.from({ length: N }, (_, n) => weight(n, N));
  const total = weights.reduce((a, b) => a + b, 0);
  const counts = weights.map((w) => Math.floor((Z * w) / total + 1e-9));
  const left = Z - counts.reduce((a, b) => a + b, 0);
  for (let n = 0; n < left; n++) counts[n]++;
  const rowptr = new Uint32Array(N + 1);
  const cols = new Uint32Array(Z);
  for (let n = 0; n < N; n++) {
    rowptr[n + 1] = rowptr[n] + counts[n];
    for (let i = 0; i < counts[n]; i++) cols[rowptr[n] + i] = Math.floor((i * K) / counts[n]) + rng.below(Math.floor(K / counts[n]));
  }
  return { rowptr, cols, values: Float32Array.from({ length: Z }, () => rng.normal()) };
}

function worksOf(layout: Layout, sizes: typeof SIZES.gpu): Work[] {
  const { N, K, Z } = sizes;
  const csr = { ...matrix(layout, sizes), x: Float32Array.from({ length: K }, (_, k) => Math.cos(k)) };
  const starts = balancedStarts(csr.rowptr);
  const S = starts.length;
  const { what } = layout;
  const [plain, balanced, adding] = [csrMatvec, csrMatvecBalanced, csrAddCarries] as unknown as [AnyKernel, AnyKernel, AnyKernel];
  const inputs = { ...csr, starts };
  const sums = balanced.reference({ ...inputs }, { N, K, Z, S }, {});
  return [
    { kernel: plain, what, dims: sizes, launches: [{ kernel: plain, dims: sizes, inputs: csr }] },
    {
      kernel: balanced, what, dims: sizes,
      launches: [{ kernel: balanced, dims: { ...sizes, S }, inputs }, { kernel: adding, dims: { N, Z, S }, inputs: { rowptr: csr.rowptr, ...sums } }],
    },
  ];
}

/**
 * The plain and the balanced sparse product (both launches), turn by turn over three layouts of as many nonzeros. A time
 * is the least of its turn; a ratio is the median over the turns of two times from the same turn.
 */
export async function measureSkew(engine: Engine, { signal }: { readonly signal?: AbortSignal } = {}): Promise<SkewRow[]> {
  const sizes = SIZES[engine.device.software ? 'software' : 'gpu'];
  const works = LAYOUTS.flatMap((layout) => worksOf(layout, sizes));
  const perLayout = works.length / LAYOUTS.length;
  const turns = works.map((): number[] => []);
  const racers = works.map(({ launches }, i) => ({
    async sample() {
      let seconds = 0;
      for (const { kernel, inputs, dims } of launches) {
        const { median, min = median } = await engine.measure(kernel, inputs, dims, { budget: 0.02, signal });
        seconds += min;
      }
      turns[i].push(seconds);
      return seconds;
    },
  }));
  const failed = (await race(racers, ROUNDS, { signal })).find((spread) => spread instanceof Error);
  if (failed instanceof Error) throw failed;
  return works.slice(perLayout).map(({ kernel, what, dims }, i) => {
    const even = turns[i % perLayout];
    const ratios = turns[i + perLayout].slice(1).map((seconds, turn) => seconds / even[turn + 1]).sort((a, b) => a - b); // the first turn warms up
    return { kernel: kernel.name, what, dims, ratio: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
  });
}
