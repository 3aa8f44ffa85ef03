/** What a link asks for that it cannot carry, in words. */

import type { Notice } from '../../run/run';
import { fileText, type FileRef } from '../link';
import { partSays, readPart } from './video/part';

export interface Wanted {
  readonly notice: Notice;
  /** The button that gives it, where one press is enough. */
  readonly give?: { readonly label: string; readonly by: 'file' | 'camera' };
  /** The button that goes on without. */
  readonly without: string;
}

/** @param role that the file has in the link */
export function wantedBy(role: string, ref: FileRef): Wanted {
  const { name, tensor } = ref;
  if (role === 'video') {
    if (name === 'webcam') {
      return {
        notice: { level: 'degraded', happened: 'This link was made with a recording from a webcam, and a link does not carry recordings.', mend: 'Record again, and the same settings run on your own. Nothing leaves this machine.' },
        give: { label: 'Record again', by: 'camera' }, without: 'Go on without',
      };
    }
    const part = readPart(tensor);
    return {
      notice: { level: 'degraded', happened: `This link uses ${name}${part ? `, ${partSays(part)},` : ''} as its video, and a link does not carry files.`, mend: `Drop ${name} anywhere on the page, or choose it. Nothing leaves this machine.` },
      give: { label: `Choose ${name}`, by: 'file' }, without: `Go on without ${name}`,
    };
  }
  return {
    notice: { level: 'degraded', happened: `This link uses ${name}${fileText(ref) !== name ? `, tensor ${tensor},` : ''} for the ${role}, and a link does not carry files.`, mend: `Drop ${name} anywhere on the page, or choose it under Your tensor. Nothing leaves this machine.` },
    without: `Go on without ${name}`,
  };
}
