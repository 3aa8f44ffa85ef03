/** Which part of a video: seconds from and to, written as media fragments are ('t=12,14.5'), so that a link can name it. */

export interface Part {
  readonly begin: number;
  readonly end: number;
}

/** Seconds to the hundredth, as short as they can be written. */
const short = (seconds: number): string => String(Number(seconds.toFixed(2)));

export const partText = ({ begin, end }: Part): string => `t=${short(begin)},${short(end)}`;

/** @returns undefined where the text names no part: all of the video then */
export function readPart(text: string): Part | undefined {
  const [, begin, end] = /^t=(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  return begin !== undefined && Number(begin) < Number(end) ? { begin: Number(begin), end: Number(end) } : undefined;
}

/** In words: '12 to 14.5 s'. */
export const partSays = ({ begin, end }: Part): string => `${short(begin)} to ${short(end)} s`;

/** Shorter, and frames hardly differ, seconds. */
export const SHORTEST = 0.25;
