/** An exported file on disk: sections go to files beside it and are joined at the end. */

import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SECTIONS, type QuantizedSink } from '../report/sink';

export interface FileSink extends QuantizedSink {
  /** Removes what a failed export left. */
  readonly discard: () => Promise<void>;
}

/** @param path replaced when the export is finished, and not before */
export async function fileSink(path: string): Promise<FileSink> {
  const paths = Array.from({ length: SECTIONS }, (_, i) => `${path}.section${i}`);
  const files: FileHandle[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(files.splice(0).map((f) => f.close()));
  };
  const discard = async (): Promise<void> => {
    await close();
    await Promise.all(paths.map((p) => rm(p, { force: true })));
  };
  try {
    for (const section of paths) files.push(await open(section, 'w'));
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    discard,
    async write(section, bytes) {
      for (let done = 0; done < bytes.length;) done += (await files[section].write(bytes, done)).bytesWritten;
    },
    async finish(preamble) {
      await close();
      const whole = await open(path, 'w');
      await whole.write(preamble);
      await whole.close();
      for (const section of paths) {
        const to = await open(path, 'a');
        await pipeline(createReadStream(section), to.createWriteStream());
      }
      await discard();
    },
  };
}
