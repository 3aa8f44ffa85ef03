/** A short recording from a camera: the frames stay in the page, and the camera is let go of at once. */

import { InputError } from '../../../inputs/error';
import type { Matrix } from '../../../inputs/matrix';
import { FRAMES, FrameTaker } from './frames';

/** What a link calls a recording. */
export const WEBCAM = 'webcam';
/** How long a recording takes, milliseconds. */
const LENGTH = 2000;

const OR_A_FILE = 'or choose a video file';

/** Asks the reader for a camera. @throws InputError that says why there is none */
export async function openCamera(): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined; // absent where the page is not served securely
  if (!devices) throw new InputError('This page may not ask for a camera: it was not served by https or from this machine.', `Open it by https, ${OR_A_FILE}.`);
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'user' }, audio: false });
  } catch (error) {
    throw refused(error);
  }
}

function refused(error: unknown): InputError {
  const name = error instanceof DOMException ? error.name : '';
  const say = (what: string, mend: string): InputError => new InputError(what, mend, { cause: error });
  if (name === 'NotAllowedError') return say('The camera was refused.', `Allow it beside the address and try again, ${OR_A_FILE}.`);
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return say('No camera was found.', `Plug one in and try again, ${OR_A_FILE}.`);
  if (name === 'NotReadableError' || name === 'AbortError') return say('The camera does not answer; another program may be using it.', `Close that program and try again, ${OR_A_FILE}.`);
  return say(`The camera could not be opened (${error instanceof Error ? error.message : String(error)}).`, `Try again, ${OR_A_FILE}.`);
}

export function closeCamera(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Milliseconds to wait, unless the signal ends it: then its reason is thrown. */
export const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });

/** Frames from a video element that shows the camera, evenly over two seconds. @throws InputError when the camera ends before */
export async function record(video: HTMLVideoElement, onFrame: (taken: number) => void, signal: AbortSignal): Promise<Matrix> {
  const taker = new FrameTaker();
  const start = performance.now();
  for (let i = 0; i < FRAMES; i++) {
    await wait(Math.max(0, start + (i * LENGTH) / (FRAMES - 1) - performance.now()), signal);
    const live = (video.srcObject as MediaStream | null)?.getVideoTracks().some((track) => track.readyState === 'live') ?? false;
    if (!live || video.videoWidth === 0) throw new InputError(`The camera stopped after ${i} of ${FRAMES} frames.`, `Try again, ${OR_A_FILE}.`);
    taker.take(video, video.videoWidth, video.videoHeight, true);
    onFrame(i + 1);
  }
  return taker.matrix(WEBCAM);
}
