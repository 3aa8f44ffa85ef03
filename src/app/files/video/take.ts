/** A clip from whatever file the reader chose. */

import type { Matrix } from '../../../inputs/matrix';
import { fileSource } from '../../../inputs/source';
import { readMatrix } from '../../../inputs/tensors';
import { clipOf } from '../../../inputs/video/clip';
import type { FileRef } from '../../link';
import { rememberVideo } from '../library';
import { animationFrames, isPicture } from './animation';
import { partText } from './part';
import { playFrames, type TakeOptions } from './playback';

export interface Taken {
  readonly ref: FileRef;
  readonly matrix: Matrix;
}

/** @throws InputError that says what is wrong with the file and what would do */
export async function takeClip(file: File, options: TakeOptions): Promise<Taken> {
  const { name } = file;
  if (/\.npy$/i.test(name)) {
    const matrix = await readMatrix(fileSource(file));
    clipOf(matrix); // refused here, in place, rather than by the run
    return { ref: { name, tensor: name.slice(0, -4), transpose: false }, matrix };
  }
  if (isPicture(file)) return { ref: { name, tensor: '', transpose: false }, matrix: await animationFrames(file, options.onFrame, options.signal) };
  const { seconds, part, matrix } = await playFrames(file, options);
  rememberVideo(file, seconds);
  const whole = part.begin === 0 && part.end === seconds;
  return { ref: { name, tensor: whole ? '' : partText(part), transpose: false }, matrix };
}
