/** Frames of an animated picture (.gif, animated .webp or .png), which a video element does not play. */

import { InputError } from '../../../inputs/error';
import type { Matrix } from '../../../inputs/matrix';
import { evenly } from '../../../inputs/video/clip';
import { FRAMES, FrameTaker } from './frames';

export const isPicture = ({ type }: File): boolean => type.startsWith('image/');

/** @throws InputError where the browser cannot take it apart, or it is one picture only */
export async function animationFrames(file: File, onFrame: (taken: number) => void, signal: AbortSignal): Promise<Matrix> {
  if (!('ImageDecoder' in globalThis) || !(await ImageDecoder.isTypeSupported(file.type))) {
    throw new InputError(`${file.name} is a picture that this browser cannot take apart.`, 'Save it as .mp4 or .webm, or choose another file.');
  }
  const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: file.type });
  try {
    const frames = await count(decoder, file);
    if (frames < 2) throw new InputError(`${file.name} is a single picture.`, 'Choose a video or an animation.');
    const taker = new FrameTaker();
    for (const [i, frameIndex] of evenly(frames, FRAMES).entries()) {
      signal.throwIfAborted();
      const { image } = await decoder.decode({ frameIndex });
      taker.take(image, image.displayWidth, image.displayHeight);
      image.close();
      onFrame(i + 1);
    }
    return taker.matrix(`${file.name}, ${frames} pictures`);
  } finally {
    decoder.close();
  }
}

async function count(decoder: ImageDecoder, file: File): Promise<number> {
  try {
    await decoder.tracks.ready;
    await decoder.completed;
    return decoder.tracks.selectedTrack?.frameCount ?? 0;
  } catch (error) {
    throw new InputError(`${file.name} cannot be decoded: it is damaged.`, 'Choose another file.', { cause: error });
  }
}
