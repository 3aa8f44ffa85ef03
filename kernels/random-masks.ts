/** Video masks for the case tables: the official variants of Sparse VideoGen at toy size, and what differs between them. */

import type { VideoMask } from './formats/video-mask';

const plain: VideoMask = {
  frames: 5, positions: 9, text: 0, prompt: 0, textFirst: false, band: 8, block: 1, order: 'frame', bandOrder: 'frame', sink: 'none',
};

export const masks: readonly { readonly name: string; readonly mask: VideoMask }[] = [
  { name: 'band', mask: plain },
  { name: 'wide band', mask: { ...plain, band: 33 } },
  { name: 'band and first places, as Wan', mask: { ...plain, frames: 6, positions: 8, sink: 'places' } },
  { name: 'token-major with frame 0 as sink', mask: { ...plain, order: 'token', bandOrder: 'token', sink: 'frame' } },
  { name: 'read token-major, in blocks', mask: { ...plain, frames: 4, positions: 13, bandOrder: 'token', sink: 'places', block: 6, band: 2 } },
  { name: 'text last and padded, as Hunyuan', mask: { ...plain, text: 7, prompt: 4 } },
  { name: 'text first, as CogVideoX', mask: { ...plain, text: 6, prompt: 6, textFirst: true, band: 10 } },
];

/** A band of width 0: video sees nothing at all. */
export const nothing: VideoMask = { ...plain, band: 0 };
