/** The remote document: reads addresses by ranges for the page that made it, over the ports it is handed. */

import * as Comlink from 'comlink';
import { openRemote } from '../../inputs/http';
import type { ByteSource } from '../../inputs/source';
import { PORT_MESSAGE, refusalOf, type RemoteApi } from './remote-api';

const sources: ByteSource[] = [];

const api: RemoteApi = {
  async open(address) {
    try {
      const opened = await openRemote(address);
      return { ok: true, value: opened.map((source) => ({ number: sources.push(source) - 1, name: source.name, size: source.size })) };
    } catch (error) {
      return refusalOf(error, `${address} was not read`);
    }
  },
  async read(file, offset, length) {
    try {
      const bytes = await sources[file].read(offset, length);
      // A copy of its own, so that nothing else is handed over with it.
      const value = bytes.byteLength === bytes.buffer.byteLength ? (bytes.buffer as ArrayBuffer) : bytes.slice().buffer;
      return Comlink.transfer({ ok: true, value }, [value]);
    } catch (error) {
      return refusalOf(error, `${sources[file].name} was not read`);
    }
  },
};

addEventListener('message', (event) => {
  if (event.source !== parent || event.origin !== location.origin || event.data !== PORT_MESSAGE) return;
  const [port] = event.ports;
  if (port) Comlink.expose(api, port);
});
