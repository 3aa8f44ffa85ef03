/**
 * Reading from an address. The page's policy lets it and its workers connect to its own site only; a hidden document of
 * its own policy (remote.html) does the reading, and exists only from the moment an address is pasted until its file is
 * closed.
 */

import * as Comlink from 'comlink';
import { PORT_MESSAGE, type RemoteApi } from './remote-api';

export class RemoteDocument {
  private constructor(private readonly frame: HTMLIFrameElement, readonly api: Comlink.Remote<RemoteApi>) {}

  static async open(): Promise<RemoteDocument> {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.title = 'Reads the address that was pasted';
    frame.src = new URL('./remote.html', location.href).href;
    await new Promise<void>((resolve, reject) => {
      frame.addEventListener('load', () => resolve(), { once: true });
      frame.addEventListener('error', () => reject(new Error('remote.html could not be loaded')), { once: true });
      document.body.append(frame);
    });
    return new RemoteDocument(frame, Comlink.wrap<RemoteApi>(portTo(frame)));
  }

  /** A further line to it, to hand to a worker. */
  port(): MessagePort {
    return portTo(this.frame);
  }

  /** Nothing is connected to after this. */
  close(): void {
    this.frame.remove();
  }
}

function portTo(frame: HTMLIFrameElement): MessagePort {
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow!.postMessage(PORT_MESSAGE, location.origin, [port2]);
  return port1;
}
