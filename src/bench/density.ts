/** Does sparse attention cost what it computes? Its time over dense attention's, beside the share of pairs it looks at. */

import { attention } from '../../kernels/attention/attention';
import { attentionBlocks } from '../../kernels/attention_blocks/attention_blocks';
import { attentionMasked } from '../../kernels/attention_masked/attention_masked';
import type { AnyKernel, Data, Dims, Scalars } from '../../kernels/define';
import { classifyTiles, maskDims, maskScalars, type VideoMask } from '../../kernels/formats/video-mask';
import { createRng } from '../../kernels/rng';
import type { Engine } from '../engine/engine';
import { quantile } from '../engine/timing';
import { race } from './race';
import type { DensityRow } from './report';

interface Work {
  readonly kernel: AnyKernel;
  readonly what: string;
  readonly dims: Dims;
  readonly scalars: Scalars;
  readonly inputs: Readonly<Record<string, Data>>;
  /** Share of pairs in kept clusters, or of tiles that are not skipped. */
  readonly share: number;
}

/** Heads, tokens and channels; the tokens' number is a multiple of the clusters'. Several heads, so that a launch costs little beside what it computes. */
const SIZES = { software: { H: 4, N: 512, D: 32, clusters: 16 }, gpu: { H: 4, N: 8192, D: 64, clusters: 128 } };
const SHARES = [0.125, 0.25, 0.5];
const ROUNDS = 9;

/** Borders of clusters of equal size, or of sizes up to two fifths from it. */
function borders(N: number, clusters: number, uneven: boolean): Uint32Array {
  const rng = createRng(1);
  const size = N / clusters;
  return Uint32Array.from({ length: clusters + 1 }, (_, i) => i * size + (uneven && i > 0 && i < clusters ? rng.below(0.4 * size + 1) - Math.floor(0.2 * size) : 0));
}

/** Each query cluster keeps the same number of key clusters, drawn at random. */
function blocks(operands: Readonly<Record<string, Data>>, { H, N, D, clusters }: typeof SIZES.gpu, share: number, uneven: boolean): Work {
  const rng = createRng(2);
  const ends = borders(N, clusters, uneven);
  const list = new Uint32Array(H * clusters * clusters).fill(clusters);
  let pairs = 0;
  for (let row = 0; row < H * clusters; row++) {
    const i = row % clusters;
    const drawn = Array.from({ length: clusters }, (_, j) => ({ j, at: rng.below(2 ** 31) })).sort((a, b) => a.at - b.at);
    const kept = drawn.slice(0, share * clusters).map(({ j }) => j).sort((a, b) => a - b);
    list.set(kept, row * clusters);
    for (const j of kept) pairs += (ends[i + 1] - ends[i]) * (ends[j + 1] - ends[j]);
  }
  const everyHead = Uint32Array.from({ length: H * ends.length }, (_, at) => ends[at % ends.length]);
  return {
    kernel: attentionBlocks as unknown as AnyKernel,
    what: uneven ? 'clusters of uneven size' : 'clusters of one size',
    dims: { H, N, M: N, Cq: clusters, Ck: clusters, D },
    scalars: { scale: 1 / Math.sqrt(D) },
    inputs: { ...operands, queries: everyHead, keys: everyHead, list },
    share: pairs / (H * N ** 2),
  };
}

/** A band over frames that keeps about that share. */
function band(operands: Readonly<Record<string, Data>>, { H, N, D }: typeof SIZES.gpu, share: number): Work {
  const mask: VideoMask = {
    frames: 8, positions: N / 8, text: 0, prompt: 0, textFirst: false, band: Math.round(N * (1 - Math.sqrt(1 - share))), block: 1, order: 'frame', bandOrder: 'frame', sink: 'none',
  };
  const B = 32;
  const tiles = classifyTiles(mask, B);
  return {
    kernel: attentionMasked as unknown as AnyKernel,
    what: 'band, active tiles of 32',
    dims: { H, N, D, B, ...maskDims(mask) },
    scalars: { scale: 1 / Math.sqrt(D), ...maskScalars(mask) },
    inputs: { ...operands, tiles },
    share: tiles.filter((tile) => tile !== 0).length / tiles.length,
  };
}

/**
 * Every kernel's default variant, turn by turn. A time is the least of its turn, so that what else the machine does weighs
 * little; a ratio is the median over the turns of two times from the same turn.
 */
export async function measureDensity(engine: Engine, { signal }: { readonly signal?: AbortSignal } = {}): Promise<DensityRow[]> {
  const sizes = SIZES[engine.device.software ? 'software' : 'gpu'];
  const { H, N, D } = sizes;
  const rng = createRng(3);
  const normals = (): Float32Array => Float32Array.from({ length: H * N * D }, () => rng.normal());
  const operands = { q: normals(), k: normals(), v: normals() };
  const dense: Work = {
    kernel: attention as unknown as AnyKernel, what: 'dense', dims: { H, N, M: N, D }, scalars: { scale: 1 / Math.sqrt(D), causal: 0 }, inputs: operands, share: 1,
  };
  const works = [
    dense,
    ...[false, true].flatMap((uneven) => SHARES.map((share) => blocks(operands, sizes, share, uneven))),
    ...SHARES.map((share) => band(operands, sizes, share)),
  ];
  const turns = works.map((): number[] => []);
  const racers = works.map(({ kernel, inputs, dims, scalars }, i) => ({
    async sample() {
      const { median, min = median } = await engine.measure(kernel, inputs, dims, { scalars, budget: 0.05, signal });
      turns[i].push(min);
      return min;
    },
  }));
  const spreads = await race(racers, ROUNDS, { signal, slow: Infinity }); // every turn needs all of them
  return works.slice(1).map(({ kernel, what, share }, i) => {
    const failed = [spreads[0], spreads[i + 1]].find((spread) => spread instanceof Error);
    if (failed instanceof Error) throw failed;
    const ratios = turns[i + 1].slice(1).map((seconds, turn) => seconds / turns[0][turn + 1]).sort((a, b) => a - b); // the first turn warms up
    return { kernel: kernel.name, what, heads: H, tokens: N, channels: D, share, ratio: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
  });
}
