/** A lab's run from its inputs to its first result, on a device and in TypeScript: which of the two a machine should get by default. */

import type { Engine } from '../../engine/engine';
import { ReferenceEngine } from '../../engine/reference';
import type { Paper } from '../../papers/contract';
import { Memo } from '../../run/memo';
import { defaultsOf } from '../../run/schema';
import { race, ratioOf } from '../../bench/race';
import type { WholeRunRow } from '../../bench/report';

/** The default parameters, the core phase alone, nothing remembered. @returns seconds */
export async function coreOf(paper: Paper, engine: Engine, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  const experiment = paper.experiment({
    engine, params: defaultsOf(paper.schema), memo: new Memo(), files: {}, want: new Set(), signal,
    pause: async () => signal.throwIfAborted(),
  });
  for await (const _ of experiment) signal.throwIfAborted();
  return (performance.now() - start) / 1000;
}

/** The engines take turns; the first turn, in which pipelines are compiled, is not timed. */
export async function measureWholeRuns(engine: Engine, papers: Iterable<Paper>, rounds: number, signal = new AbortController().signal): Promise<WholeRunRow[]> {
  const rows: WholeRunRow[] = [];
  const typeScript = new ReferenceEngine();
  for (const paper of papers) {
    const [onDevice, onCpu] = await race([engine, typeScript].map((each) => ({ sample: () => coreOf(paper, each, signal) })), rounds, { signal });
    if (onDevice instanceof Error) throw onDevice;
    if (onCpu instanceof Error) throw onCpu;
    rows.push(
      { lab: paper.id, engine: engine.device.label, time: onDevice, overTypeScript: ratioOf(onDevice, onCpu) },
      { lab: paper.id, engine: 'TypeScript', time: onCpu },
    );
  }
  return rows;
}
