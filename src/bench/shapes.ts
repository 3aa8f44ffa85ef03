/** The sizes at which kernels are timed: large enough to fill the machine, small enough to check against the oracle. */

import type { AnyCase, AnyKernel, Dims } from '../../kernels/define';
import { createRng } from '../../kernels/rng';
import { evalShape, sizeOf } from '../../kernels/shape';

/** Below this many FLOPs per byte a kernel only moves data. */
const PRODUCT_INTENSITY = 8;

const sides = (side: number): Dims => ({ M: side, N: side, K: side, T: side, G: 64, R: 32, B: 4, C: 16, S: 256, Z: Math.ceil(0.0045 * side * side), H: 2, D: 32, Cq: 16, Ck: 64, F: 2, P: 12 });
const LINES: Readonly<Record<string, { software: Dims; gpu: Dims }>> = {
  copy: { software: { N: 1 << 20 }, gpu: { N: 1 << 24 } },
  fma: { software: { N: 1 << 12, S: 256 }, gpu: { N: 1 << 20, S: 1024 } },
  histogram: { software: { M: 512, N: 512, B: 64 }, gpu: { M: 4096, N: 4096, B: 64 } },
  codebook_matvec: { software: { N: 1024, K: 1024, B: 4 }, gpu: { N: 4096, K: 4096, B: 4 } },
  codebook_csr_matvec: { software: { N: 1024, K: 1024, B: 4, Z: 4719 }, gpu: { N: 4096, K: 4096, B: 4, Z: 75_498 } },
  codebook_matmul: { software: { T: 64, N: 256, K: 256, B: 4 }, gpu: { T: 512, N: 4096, K: 4096, B: 4 } },
  csr_matvec: { software: { N: 1024, K: 1024, Z: 4719 }, gpu: { N: 4096, K: 4096, Z: 75_498 } },
  csr_matvec_balanced: { software: { N: 1024, K: 1024, Z: 4719, S: 512 }, gpu: { N: 4096, K: 4096, Z: 75_498, S: 7552 } },
  csr_add_carries: { software: { N: 1024, Z: 4719, S: 512 }, gpu: { N: 4096, Z: 75_498, S: 7552 } },
  attention: { software: { H: 1, N: 512, M: 512, D: 32 }, gpu: { H: 8, N: 2048, M: 2048, D: 64 } },
  kmeans_assign: { software: { H: 1, N: 4096, C: 64, D: 32 }, gpu: { H: 8, N: 16_384, C: 256, D: 64 } },
  sort_by_label: { software: { H: 4, N: 4096, C: 64 }, gpu: { H: 16, N: 65_536, C: 256 } },
  segment_mean: { software: { H: 4, N: 4096, C: 64, D: 32 }, gpu: { H: 16, N: 16_384, C: 256, D: 64 } },
  gather_rows: { software: { H: 4, N: 4096, M: 4096, D: 32 }, gpu: { H: 16, N: 16_384, M: 16_384, D: 64 } },
  scatter_rows: { software: { H: 4, N: 4096, D: 32 }, gpu: { H: 16, N: 16_384, D: 64 } },
  cluster_map: { software: { H: 4, Cq: 32, Ck: 64, D: 32 }, gpu: { H: 12, Cq: 300, Ck: 1000, D: 128 } },
  top_p: { software: { H: 4, Cq: 32, Ck: 64 }, gpu: { H: 12, Cq: 300, Ck: 1000 } },
  list_kept: { software: { H: 4, Cq: 32, Ck: 64 }, gpu: { H: 12, Cq: 300, Ck: 1000 } },
  attention_blocks: { software: { H: 1, N: 512, M: 512, Cq: 16, Ck: 16, D: 32 }, gpu: { H: 8, N: 2048, M: 2048, Cq: 64, Ck: 64, D: 64 } },
  attention_masked: { software: { H: 1, N: 512, D: 32, B: 32, F: 8, P: 64 }, gpu: { H: 8, N: 2048, D: 64, B: 32, F: 16, P: 128 } },
  attention_profile: { software: { H: 4, N: 1024, D: 32, R: 32, F: 16, P: 64 }, gpu: { H: 16, N: 4096, D: 64, R: 64, F: 16, P: 256 } },
  classify_tiles: { software: { N: 1024, B: 16, F: 16, P: 64 }, gpu: { N: 4096, B: 16, F: 16, P: 256 } },
  matmul: { software: { M: 384, N: 384, K: 384 }, gpu: { M: 1024, N: 1024, K: 1024 } },
};

/**
 * A case of the kernel at benchmark size. Every symbol of its case table gets a size, so that a new kernel is
 * timed without a further line here.
 */
export function benchCase(kernel: AnyKernel, software: boolean): AnyCase {
  const symbols = Object.keys(kernel.cases[0].dims);
  const pick = (sizes: Dims): Dims => Object.fromEntries(symbols.map((symbol) => [symbol, sizes[symbol]]));
  const unknown = symbols.filter((symbol) => sides(1)[symbol] === undefined);
  if (unknown.length > 0) throw new RangeError(`The benchmark has no size for ${unknown.join(', ')} of ${kernel.name}; give one in src/bench/shapes.ts.`);
  const line = LINES[kernel.name]?.[software ? 'software' : 'gpu'];
  const moving = pick(sides(software ? 512 : 4096));
  const { flops, bytes } = kernel.cost(moving);
  const product = flops / bytes > PRODUCT_INTENSITY;
  const dims = line ?? (product ? pick(sides(software ? 256 : 1024)) : moving);
  const like = kernel.cases.find((entry) => scales(kernel, entry, pick(sides(24)))) ?? kernel.cases[0];
  return { name: 'benchmark', dims, scalars: like.scalars, inputs: like.inputs && ((rng, d) => like.inputs?.(rng, d) ?? {}) };
}

/** False for a case whose numbers are written out for its own size. @param dims any other size */
function scales(kernel: AnyKernel, entry: AnyCase, dims: Dims): boolean {
  const given = entry.inputs?.(createRng(0), dims) ?? {};
  return Object.entries(given).every(([name, data]) => data?.length === sizeOf(evalShape(kernel.inputSpecs[name], dims)));
}
