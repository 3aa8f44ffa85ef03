/** What the remote document does for the page: it alone may connect to other hosts. */

import { InputError } from '../../inputs/error';
import type { ByteSource } from '../../inputs/source';
import type { Answer, Refusal } from './report-api';

export interface RemoteFile {
  /** Its number in the remote document. */
  readonly number: number;
  readonly name: string;
  readonly size: number;
}

export interface RemoteApi {
  open(address: string): Promise<Answer<readonly RemoteFile[]>>;
  /** The bytes are transferred, not copied. */
  read(file: number, offset: number, length: number): Promise<Answer<ArrayBuffer>>;
}

/** The message that hands the remote document a port. */
export const PORT_MESSAGE = 'paperkernels: port';

export const refusalOf = (error: unknown, what: string): Refusal =>
  error instanceof InputError
    ? { ok: false, happened: error.what, mend: error.mend }
    : { ok: false, happened: `${what} (${error instanceof Error ? error.message : String(error)}).`, mend: 'Try again.' };

/** A file of the remote document as bytes to read. */
export const remoteSource = (api: Pick<RemoteApi, 'read'>, { number, name, size }: RemoteFile): ByteSource => ({
  name,
  size,
  async read(offset, length) {
    const answer = await api.read(number, offset, length);
    if (!answer.ok) throw new InputError(answer.happened, answer.mend);
    return new Uint8Array(answer.value);
  },
});
