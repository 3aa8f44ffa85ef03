/** Where an exported file goes. Its sections are written side by side and joined at the end, widest numbers first, as the official library orders them. */

export interface QuantizedSink {
  /** Appends to section 0 … 3. */
  readonly write: (section: number, bytes: Uint8Array) => Promise<void>;
  /** The file is the preamble, then the sections in order. */
  readonly finish: (preamble: Uint8Array) => Promise<void>;
}

export const SECTIONS = 4;

/** A Blob, piece by piece: the browser may keep its pieces on disk. */
export function blobSink(): { readonly sink: QuantizedSink; readonly file: () => Blob } {
  const sections: Blob[][] = Array.from({ length: SECTIONS }, () => []);
  let whole: Blob | undefined;
  return {
    sink: {
      write(section, bytes) {
        // A copy: the bytes may be a view of a buffer that is used again.
        sections[section].push(new Blob([new Uint8Array(bytes)]));
        return Promise.resolve();
      },
      finish(preamble) {
        whole = new Blob([new Uint8Array(preamble), ...sections.flat()], { type: 'application/octet-stream' });
        return Promise.resolve();
      },
    },
    file() {
      if (!whole) throw new Error('The export is not finished.');
      return whole;
    },
  };
}
