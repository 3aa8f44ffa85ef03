/**
 * The files opened in this visit, by name: a link that names one of them finds it without asking. Sources are slices of
 * files, so keeping them keeps no numbers.
 */

import type { ByteSource } from '../../inputs/source';

const files = new Map<string, ByteSource>();

/** A file of the same name takes the place of an earlier one. */
export function remember(sources: readonly ByteSource[]): void {
  for (const source of sources) files.set(source.name, source);
}

export function forget(sources: readonly ByteSource[]): void {
  for (const source of sources) if (files.get(source.name) === source) files.delete(source.name);
}

export const openedFile = (name: string): ByteSource | undefined => files.get(name);
