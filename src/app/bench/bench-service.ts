/** The benchmark worker's body: an engine of its own, one run at a time. */

import type { AnyKernel } from '../../../kernels/define';
import { runBench } from '../../bench/bench';
import { EngineError } from '../../engine/engine';
import type { Opened } from '../../engine/open';
import type { BenchApi, BenchEvent, BenchOutcome, BenchRequest, Started } from './bench-api';

export class BenchService implements BenchApi {
  private opened: Promise<Opened> | undefined;
  private controller: AbortController | undefined;

  constructor(private readonly kernels: readonly AnyKernel[], private readonly openEngine: () => Promise<Opened>) {}

  async start(): Promise<Started> {
    this.opened ??= this.openEngine();
    const { engine, instead } = await this.opened;
    return {
      device: engine.device,
      ...(instead && { notice: { level: 'information', happened: instead.happened, mend: 'Only the oracles in TypeScript are timed, on this processor.' } as const }),
      kernels: this.kernels.map(({ name, summary, variants }) => ({ name, summary, variants: variants.length })),
    };
  }

  async run({ kernels, rivals, rounds, targets }: BenchRequest, onEvent: (event: BenchEvent) => unknown): Promise<BenchOutcome> {
    const controller = new AbortController();
    const delivered: unknown[] = [];
    this.controller = controller;
    try {
      await this.start();
      const { engine } = await this.opened!;
      const chosen = kernels.flatMap((name) => this.kernels.find((kernel) => kernel.name === name) ?? []);
      const report = await runBench(engine, {
        host: 'browser', kernels: chosen, proof: targets ? 'all' : [], rivals, rounds, signal: controller.signal, onEvent: (event) => { delivered.push(onEvent(event)); },
      });
      return { kind: 'done', report };
    } catch (error) {
      if (controller.signal.aborted) return { kind: 'stopped' };
      // A device that is gone is opened anew by the next run.
      if (error instanceof EngineError && error.code === 'device-lost') this.opened = undefined;
      if (error instanceof EngineError) return { kind: 'failed', happened: error.happened, mend: error.mend };
      return { kind: 'failed', happened: `The benchmark stopped on an error of the program (${error instanceof Error ? error.message : String(error)}).`, mend: 'Run it again; what was measured stays until then.' };
    } finally {
      await Promise.all(delivered); // every event has arrived before the outcome does
    }
  }

  stop(): void {
    this.controller?.abort();
  }
}
