/** A macrotask: messages that wait are delivered first (timers would be held to 4 ms). */
export const letMessagesIn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => { port1.close(); resolve(); }, { once: true });
    port1.start();
    port2.postMessage(null);
  });
