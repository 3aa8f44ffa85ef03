/** Addresses that a reader pastes: which are allowed, and what file they name. */

import { InputError } from './error';

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);
const SCHEMES = 'Paste an address that begins with https:// (or http:// on localhost).';
const shown = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

/** https anywhere, http on this machine only. */
export const isAllowed = ({ protocol, hostname }: URL): boolean => protocol === 'https:' || (protocol === 'http:' && LOCAL.has(hostname));

/**
 * The address to read from. Hugging Face's page of a file ("blob") becomes the file itself ("resolve").
 * @throws InputError for what is no address, another scheme, or credentials in the address
 */
export function parseAddress(text: string): URL {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch (cause) {
    throw new InputError(`"${shown(text.trim())}" is no complete address.`, SCHEMES, { cause });
  }
  if (!isAllowed(url)) throw new InputError(`${shown(url.href)} is not read: ${url.protocol === 'http:' ? 'http is allowed on this machine only' : `${url.protocol.replace(':', '')} is no allowed scheme`}.`, SCHEMES);
  if (url.username || url.password) throw new InputError(`The address of ${fileNameOf(url.href)} holds a user name or password, which would be sent along.`, 'Paste it without them.');
  url.hash = '';
  if (/^(www\.)?(huggingface\.co|hf\.co)$/.test(url.hostname)) url.pathname = url.pathname.replace(/^((?:\/datasets|\/spaces)?\/[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
  return url;
}

/** The file's name in an address, without folders and query; the host where the path ends in a slash. */
export function fileNameOf(address: string): string {
  const url = new URL(address);
  const last = url.pathname.split('/').at(-1) ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // Not percent-encoded text: the name as it stands.
  }
  return name.split(/[/\\]/).at(-1)?.replace(/\p{Cc}/gu, '') || url.host;
}

/** A file beside the one of this address, with the same query. */
export function siblingAddress(address: string, file: string): string {
  const url = new URL(encodeURIComponent(file), address);
  url.search = new URL(address).search;
  return url.href;
}
