/** Frames of a video file, by seeking: the browser decodes, nothing is uploaded. */

import { InputError } from '../../../inputs/error';
import type { Matrix } from '../../../inputs/matrix';
import { FRAMES, FrameTaker } from './frames';
import { partSays, SHORTEST, type Part } from './part';

/** Longest wait for one frame, milliseconds. */
const PATIENCE = 10_000;
/** Beyond the end of any video: seeking there makes a recording without a stated length find its own. */
const FAR = 1e7;

/** What rounding to hundredths may cut off, seconds. */
const ROUNDED = 0.01;

export interface Playback {
  readonly seconds: number;
  readonly part: Part;
  readonly matrix: Matrix;
}

export interface TakeOptions {
  /** All of it when left out. */
  readonly part?: Part;
  readonly onFrame: (taken: number) => void;
  readonly signal: AbortSignal;
}

const looksLikeVideo = ({ type, name }: File): boolean => type.startsWith('video/') || /\.(?:mp4|m4v|mov|webm|mkv|ogv|avi|wmv|mpe?g|3gp|ts)$/i.test(name);

/** Of all evenly spaced frames the middles: the very end of a video is often not decoded. */
const times = ({ begin, end }: Part): number[] => Array.from({ length: FRAMES }, (_, i) => begin + ((end - begin) * (i + 0.5)) / FRAMES);

/** @throws InputError where the file is no video, cannot be decoded, has no picture or is too short; the signal's reason when stopped */
export async function playFrames(file: File, { part: wanted, onFrame, signal }: TakeOptions): Promise<Playback> {
  const address = URL.createObjectURL(file);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    video.src = address;
    await happens(video, 'loadeddata', file, signal);
    if (video.videoWidth === 0) throw new InputError(`${file.name} has sound but no picture.`, 'Choose a file with a picture.');
    const seconds = await lengthOf(video, file, signal);
    if (seconds < SHORTEST) throw new InputError(`${file.name} lasts ${seconds.toFixed(2)} s, too short for frames that differ.`, 'Choose a clip of a quarter of a second or more.');
    const part = within(wanted, seconds);
    const taker = new FrameTaker();
    for (const [i, time] of times(part).entries()) {
      await seek(video, time, file, signal);
      taker.take(video, video.videoWidth, video.videoHeight);
      onFrame(i + 1);
    }
    return { seconds, part, matrix: taker.matrix(`${file.name}, ${partSays(part)}`) };
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(address);
  }
}

/** A part that the video has; all of it where the wanted one lies beyond its end, is too short, or is nearly all. */
function within(wanted: Part | undefined, seconds: number): Part {
  const [begin, end] = [wanted?.begin ?? 0, Math.min(wanted?.end ?? seconds, seconds)];
  const all = end - begin < SHORTEST || (begin < ROUNDED && end > seconds - ROUNDED);
  return all ? { begin: 0, end: seconds } : { begin, end };
}

async function lengthOf(video: HTMLVideoElement, file: File, signal: AbortSignal): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  await seek(video, FAR, file, signal);
  return Number.isFinite(video.duration) ? video.duration : video.currentTime;
}

/** The browser may say that it is there before the frame can be drawn: what is drawn then is the one before. */
async function seek(video: HTMLVideoElement, time: number, file: File, signal: AbortSignal): Promise<void> {
  const there = happens(video, 'seeked', file, signal);
  const shown = presented(video);
  video.currentTime = time;
  await there;
  await shown;
}

const presented = (video: HTMLVideoElement): Promise<unknown> => {
  if (!('requestVideoFrameCallback' in video)) return Promise.resolve();
  // A page in the background is not told.
  const patience = document.hidden ? 100 : 1000;
  return Promise.race([new Promise((resolve) => { video.requestVideoFrameCallback(resolve); }), new Promise((resolve) => { setTimeout(resolve, patience); })]);
};

/** Waits for the event; rejects where the video fails, says nothing for too long, or is no longer wanted. */
function happens(video: HTMLVideoElement, event: 'loadeddata' | 'seeked', file: File, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const end = (settle: () => void): void => {
      settled.abort();
      clearTimeout(timer);
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new InputError(`${file.name} gave no frame for ${PATIENCE / 1000} s.`, 'It may be damaged; save it again as .mp4 or .webm, or choose another file.'))), PATIENCE);
    video.addEventListener(event, () => end(resolve), { signal: settled.signal });
    video.addEventListener('error', () => end(() => reject(unplayable(file))), { signal: settled.signal });
    signal.addEventListener('abort', () => end(() => reject(signal.reason as Error)), { signal: settled.signal });
    if (signal.aborted) end(() => reject(signal.reason as Error));
  });
}

const unplayable = (file: File): InputError => (looksLikeVideo(file)
  ? new InputError(`${file.name} cannot be decoded by this browser: its codec is unknown here, or it is damaged.`, 'Save it as .mp4 with H.264 or as .webm with VP9, or choose another file.')
  : new InputError(`${file.name} is not a video.`, 'Choose an .mp4, .webm, .mov or .gif file, or a .npy of shape [frames, side, side, 3].'));
