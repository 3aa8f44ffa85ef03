/**
 * The files opened in this visit, by name: a link that names one of them finds it without asking. Sources are slices of
 * files, so keeping them keeps no numbers; of clips the last few are kept, some megabytes.
 */

import type { Matrix } from '../../inputs/matrix';
import type { ByteSource } from '../../inputs/source';
import { fileText, type FileRef } from '../link';

const files = new Map<string, ByteSource>();

/** A file of the same name takes the place of an earlier one. */
export function remember(sources: readonly ByteSource[]): void {
  for (const source of sources) files.set(source.name, source);
}

export function forget(sources: readonly ByteSource[]): void {
  for (const source of sources) if (files.get(source.name) === source) files.delete(source.name);
}

export const openedFile = (name: string): ByteSource | undefined => files.get(name);

const CLIPS = 12;
const clips = new Map<string, Matrix>();

/** Frames that were taken of a video or a camera: going back to them need not ask again. */
export function rememberClip(ref: FileRef, matrix: Matrix): void {
  clips.delete(fileText(ref));
  clips.set(fileText(ref), matrix);
  for (const name of clips.keys()) if (clips.size > CLIPS) clips.delete(name);
}

export const openedClip = (ref: FileRef): Matrix | undefined => clips.get(fileText(ref));

export interface OpenedVideo {
  readonly file: File;
  readonly seconds: number;
}

const videos = new Map<string, OpenedVideo>();

/** A video of which another part may be wanted. Its clips are those of the file last opened under its name. */
export function rememberVideo(file: File, seconds: number): void {
  if (videos.get(file.name)?.file !== file) for (const name of clips.keys()) if (name === file.name || name.startsWith(`${file.name}#`)) clips.delete(name);
  videos.set(file.name, { file, seconds });
}

export const openedVideo = (name: string): OpenedVideo | undefined => videos.get(name);
