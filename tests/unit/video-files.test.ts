/** Clips of the page: parts of a video in a link, what a link asks for, and what is remembered of a visit. */

import { expect, test } from 'vitest';
import { openedClip, openedVideo, rememberClip, rememberVideo } from '../../src/app/files/library';
import { firstTime } from '../../src/app/files/first-time';
import { partSays, partText, readPart } from '../../src/app/files/video/part';
import { wantedBy } from '../../src/app/files/waiting';
import { fileText, isLoaded, type FileRef } from '../../src/app/link';
import { toMatrix } from '../../src/inputs/matrix';

const ref = (name: string, tensor = ''): FileRef => ({ name, tensor, transpose: false });

test('a part of a video is written to the hundredth and read again; anything else means all of it', () => {
  expect(partText({ begin: 12, end: 14.504 })).toBe('t=12,14.5');
  expect(readPart('t=12,14.5')).toEqual({ begin: 12, end: 14.5 });
  expect(partSays({ begin: 0.5, end: 2 })).toBe('0.5 to 2 s');
  for (const text of ['', 't=5,5', 't=6,5', 't=a,b', 't=1', 't=-1,2', 'weight']) expect(readPart(text)).toBeUndefined();
  expect(fileText(ref('clip.mp4', 't=12,14.5'))).toBe('clip.mp4#t=12,14.5');
});

test('another part of the same video is not the one that is there, and all of it is not a part of it', () => {
  const part = { video: ref('clip.mp4', 't=1,2') };
  expect(isLoaded(part, 'video', ref('clip.mp4', 't=1,2'))).toBe(true);
  expect(isLoaded(part, 'video', ref('clip.mp4', 't=1,3'))).toBe(false);
  expect(isLoaded(part, 'video', ref('clip.mp4'))).toBe(false);
  expect(isLoaded({}, 'video', ref('clip.mp4'))).toBe(false);
  // Of weights, a link without a tensor means the only one.
  expect(isLoaded({ weights: ref('a.npy', 'a') }, 'weights', ref('a.npy'))).toBe(true);
});

test('a link that waits says for what, and what to do', () => {
  expect(wantedBy('video', ref('webcam'))).toMatchObject({ give: { by: 'camera' }, notice: { happened: expect.stringContaining('a recording from a webcam') as string } });
  expect(wantedBy('video', ref('clip.mp4', 't=1,2'))).toMatchObject({ give: { label: 'Choose clip.mp4', by: 'file' }, notice: { happened: 'This link uses clip.mp4, 1 to 2 s, as its video, and a link does not carry files.' } });
  const weights = wantedBy('weights', ref('m.safetensors', 'conv'));
  expect(weights.give).toBeUndefined();
  expect(weights.notice.happened).toContain('m.safetensors, tensor conv, for the weights');
});

test('the last clips of a visit are kept by name and part; another file of a name puts away the clips of the first', () => {
  const clip = toMatrix('clip', 2, 12, new Float32Array(24));
  const [first, second] = [new File(['a'], 'clip.mp4'), new File(['b'], 'clip.mp4')];
  rememberVideo(first, 3);
  rememberClip(ref('clip.mp4', 't=0,1'), clip);
  rememberClip(ref('webcam'), clip);
  rememberVideo(first, 3);
  expect(openedClip(ref('clip.mp4', 't=0,1'))).toBe(clip);
  expect(openedClip(ref('clip.mp4'))).toBeUndefined();
  rememberVideo(second, 5);
  expect(openedVideo('clip.mp4')).toEqual({ file: second, seconds: 5 });
  expect(openedClip(ref('clip.mp4', 't=0,1'))).toBeUndefined();
  for (let i = 0; i < 20; i++) rememberClip(ref(`clip${i}.npy`), clip);
  expect(openedClip(ref('webcam'))).toBeUndefined();
  expect(openedClip(ref('clip19.npy'))).toBe(clip);
});

test('a wish is served once, however often its panel comes back', () => {
  const wish = { by: 'camera' };
  expect([firstTime(wish), firstTime(wish), firstTime({ ...wish })]).toEqual([true, false, true]);
});
