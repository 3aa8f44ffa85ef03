import { defineKernel, linear } from '../define';
import { classifyTilesCases } from './classify_tiles.cases';
import { classifyTilesReference } from './classify_tiles.reference';
import tile from './classify_tiles.tile.wgsl?raw';

/**
 * What attention_masked may skip. All sizes are given: N = F P + text tokens, tiles of B. The scalars are those of
 * `maskScalars` (kernels/formats/video-mask.ts).
 */
export const classifyTiles = defineKernel({
  name: 'classify_tiles',
  summary: 'Which tiles of an attention map a video mask leaves out, keeps whole, or cuts.',
  source: 'tile(a,b) = 0 if no pair of it is kept, 1 if all are, 2 else (the block mask of FlexAttention; masks of Sparse-VideoGen, svg/models/*/utils.py)',
  inputs: {},
  outputs: { tiles: 'u32[ceil(N/B),ceil(N/B)]' },
  uniforms: ['N', 'F', 'P', 'B'],
  scalars: { prompt: 'u32', textFirst: 'u32', band: 'u32', block: 'u32', order: 'u32', bandOrder: 'u32', sink: 'u32' },
  variants: [
    {
      id: 'tile',
      note: 'one tile per invocation, left as soon as it is known to be cut',
      wgsl: tile,
      file: 'kernels/classify_tiles/classify_tiles.tile.wgsl',
      launch: ({ N, B }) => linear(Math.ceil(N / B) ** 2, 32),
    },
  ],
  cost: ({ N, B }) => ({ flops: 0, bytes: 4 * Math.ceil(N / B) ** 2 }),
  reference: classifyTilesReference,
  compare: { tiles: { kind: 'exact' } },
  cases: classifyTilesCases,
});
