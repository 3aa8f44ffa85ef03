import type { Dims, Scalars } from '../define';
import { classifyTiles, maskOf } from '../formats/video-mask';

/** Gives tiles: [ceil(N/B),ceil(N/B)]: 0 skipped, 1 full, 2 partial. */
export const classifyTilesReference = (_: object, dims: Dims, scalars: Scalars): { tiles: Uint32Array } => ({ tiles: classifyTiles(maskOf(dims, scalars), dims.B) });
