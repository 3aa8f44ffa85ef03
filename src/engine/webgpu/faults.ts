/**
 * Everything that can go wrong on a device, caught and named: errors inside a scope, errors nobody caught, and loss.
 * WebGPU reports them later than it makes them, so they are gathered here and thrown at the next wait.
 */

import { EngineError } from '../engine';

const outOfMemory = (what: string, cause: unknown): EngineError =>
  new EngineError('out-of-memory', `The GPU ran out of memory${what && ` ${what}`}.`, 'Use a smaller tensor, or close other pages that use the GPU.', { cause });

/** The first line of what the browser says tells the fault; the rest tells its call stack. */
const invalid = (what: string, cause: GPUError): EngineError => {
  const said = cause.message.trim().split('\n')[0].replace(/\.$/, '');
  return new EngineError('internal', `The GPU refused a command${what && ` ${what}`}: ${said}.`, 'Please report this with the link of the page.', { cause });
};

const named = (what: string, error: GPUError): EngineError => (error instanceof GPUOutOfMemoryError ? outOfMemory(what, error) : invalid(what, error));

export class Faults {
  /** Resolves once, when the device is gone and nobody asked for that. */
  readonly lost: Promise<EngineError>;
  private gone: EngineError | undefined;
  private closed = false;
  private readonly watched = new Set<Promise<EngineError | undefined>>();
  private uncaught: EngineError | undefined;

  /** @param onOutOfMemory called as soon as an allocation is known to have failed */
  constructor(private readonly device: GPUDevice, private readonly onOutOfMemory: () => void) {
    this.lost = new Promise((resolve) => {
      void device.lost.then(({ message }) => {
        if (this.closed) return;
        const detail = message ? ` (${message.trim().replace(/\.$/, '')})` : '';
        this.gone = new EngineError('device-lost', `The GPU device was lost${detail}.`, 'It is opened again and the run repeated.');
        resolve(this.gone);
      });
    });
    device.addEventListener('uncapturederror', (event) => {
      this.uncaught ??= named('', event.error);
      event.preventDefault();
    });
  }

  /** From now on the loss of the device is what was asked for. */
  close(): void {
    this.closed = true;
  }

  /**
   * Runs `body` in error scopes; what they catch is thrown by the next `check`.
   * @param onError called as soon as they have caught something
   */
  watch<T>(what: string, body: () => T, onError?: () => void): T {
    const { device } = this;
    device.pushErrorScope('internal');
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    try {
      return body();
    } finally {
      const pops = [device.popErrorScope(), device.popErrorScope(), device.popErrorScope()];
      // A scope that cannot be popped belongs to a lost device, which `guard` reports.
      const pop = Promise.all(pops).then((popped) => {
        const errors = popped.filter((error) => error !== null);
        const memory = errors.find((error) => error instanceof GPUOutOfMemoryError);
        if (errors.length) onError?.();
        if (memory) this.onOutOfMemory();
        return errors.length ? named(what, memory ?? errors[0]) : undefined;
      }, () => undefined);
      this.watched.add(pop);
      void pop.then((error) => { if (!error) this.watched.delete(pop); });
    }
  }

  /** Throws what has gone wrong since the last call: memory first, because other errors follow from it. */
  async check(): Promise<void> {
    const pending = [...this.watched];
    const errors = (await this.guard(Promise.all(pending))).filter((error) => error !== undefined);
    for (const pop of pending) this.watched.delete(pop);
    const { uncaught } = this;
    this.uncaught = undefined;
    const first = errors.find((error) => error.code === 'out-of-memory') ?? errors[0] ?? uncaught;
    if (first) throw first;
  }

  /** Waits for `promise`, but not on a device that is gone. */
  async guard<T>(promise: Promise<T>): Promise<T> {
    const loss = this.lost.then((error): never => { throw error; });
    try {
      if (this.gone) throw this.gone;
      return await Promise.race([promise, loss]);
    } catch (error) {
      if (error instanceof EngineError) throw error;
      if (this.closed) throw new EngineError('internal', 'The engine was closed while it was at work.', 'Open it again.', { cause: error });
      // A map aborts just before the loss itself is told: give it a moment to arrive.
      await Promise.race([this.lost, new Promise((resolve) => { setTimeout(resolve, 50); })]);
      throw this.gone ?? new EngineError('internal', `The GPU refused a command: ${String(error)}`, 'Please report this with the link of the page.', { cause: error });
    } finally {
      loss.catch(() => {});
    }
  }
}
