/** A whole benchmark: the table of targets, then every kernel's variants. Runs in a page, in a worker and in Node. */

import type { AnyKernel } from '../../kernels/define';
import type { Engine } from '../engine/engine';
import { bestOf, measureCeilings } from './ceilings';
import { rowsOf, runContest } from './contest';
import { contestsFor } from './contests';
import { measureDensity } from './density';
import type { BenchReport, BenchRow, CeilingRates, ColdRow, DensityRow, SkewRow, TargetRow, WholeRunRow } from './report';
import { openRival, RIVALS, type Rival, type RivalId } from './rivals';
import { measureSkew } from './skew';
import { raceKernel, withShare } from './suite';
import { answer, densityTarget, skewTarget } from './targets';

export type BenchEvent =
  /** Units of work done, of all, a race in part; as each begins, after each turn, and as it ends. */
  | { readonly kind: 'progress'; readonly done: number; readonly planned: number; readonly what: string }
  | { readonly kind: 'ceilings'; readonly ceilings: CeilingRates }
  /** The rows of one race, as soon as it ended. Shares of the roofline refer to the ceilings told before. */
  | { readonly kind: 'rows'; readonly rows: readonly BenchRow[] }
  | { readonly kind: 'targets'; readonly rows: readonly TargetRow[] }
  | { readonly kind: 'density'; readonly rows: readonly DensityRow[] }
  | { readonly kind: 'skew'; readonly rows: readonly SkewRow[] }
  | { readonly kind: 'cold'; readonly row: ColdRow }
  | { readonly kind: 'runs'; readonly rows: readonly WholeRunRow[] }
  | { readonly kind: 'note'; readonly text: string };

export interface BenchOptions {
  readonly host: BenchReport['host'];
  /** Kernels whose variants are timed. */
  readonly kernels: readonly AnyKernel[];
  /** Lines of the table of targets: all, or those about the kernels of these names. */
  readonly proof: 'all' | readonly string[];
  readonly rivals: readonly RivalId[];
  /** Turns of each contender of a contest; half as many for the variants of a kernel, whose turns are ten launches. */
  readonly rounds: number;
  /** Times whole runs of the labs; bench knows no lab. */
  readonly wholeRuns?: (signal?: AbortSignal) => Promise<readonly WholeRunRow[]>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BenchEvent) => void;
}

/** Kernels whose time is to follow the pairs they look at. */
const SPARSE: readonly string[] = ['attention_blocks', 'attention_masked'];
/** Kernels whose time is not to follow how nonzeros are spread over rows. */
const SKEWED: readonly string[] = ['csr_matvec', 'csr_matvec_balanced'];

/**
 * @param engine one with a device; or the reference engine, which times the TypeScript oracles alone
 * @throws the signal's reason
 */
export async function runBench(engine: Engine, options: BenchOptions): Promise<BenchReport> {
  const { host, kernels, proof, rounds, signal, onEvent = () => {} } = options;
  const onDevice = engine.kind === 'webgpu';
  const about = (names: readonly string[]): boolean => onDevice && (proof === 'all' || names.some((name) => proof.includes(name)));
  const contests = contestsFor(engine.device.software).filter((entry) => about(entry.kernels));
  const [density, skew] = [about(SPARSE), about(SKEWED)];
  const wanted = contests.length > 0 ? options.rivals : [];

  const planned = 2 + wanted.length + contests.length + Number(density) + Number(skew) + Number(options.wholeRuns !== undefined) + kernels.length;
  let done = 0;
  const unit = async <T>(what: string, work: (onTurn: (share: number) => void) => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    const tell = (share: number): void => onEvent({ kind: 'progress', done: done + share, planned, what });
    tell(0);
    const result = await work(tell);
    done++;
    tell(0);
    return result;
  };

  const notes: string[] = [];
  const note = (text: string): void => { notes.push(text); onEvent({ kind: 'note', text }); };
  const rows: BenchRow[] = [];
  const cold: ColdRow[] = [];
  const tell = (found: readonly BenchRow[], ceilings: CeilingRates): void => {
    rows.push(...found);
    onEvent({ kind: 'rows', rows: found.map((row) => withShare(row, ceilings)) });
  };

  const before = await unit('ceilings', () => measureCeilings(engine, signal));
  onEvent({ kind: 'ceilings', ceilings: before });
  const rivals: Rival[] = [];
  try {
    for (const id of wanted) {
      await unit(RIVALS.find((info) => info.id === id)!.name, async () => {
        try {
          const rival = await openRival(id);
          rivals.push(rival);
          cold.push(rival.cold);
          onEvent({ kind: 'cold', row: rival.cold });
          note(`${rival.label}: ${rival.assertions.join('; ')}`);
        } catch (error) {
          note(`${RIVALS.find((info) => info.id === id)!.name} did not take part: ${error instanceof Error ? error.message : String(error)}`);
        }
      });
    }
    const asked: ((ceilings: CeilingRates) => TargetRow[])[] = [];
    for (const entry of contests) {
      await unit(entry.id, async (onTurn) => {
        const { contest, questions } = entry.open();
        const entrants = await runContest(engine, contest, rivals, { rounds, signal, onTurn });
        tell(rowsOf(entrants), before);
        // A library that was not asked for leaves no line; one that failed says so in its.
        const posed = questions.filter((question) => question.kind !== 'rival' || wanted.includes(question.rival));
        const rowsWith = (ceilings: CeilingRates): TargetRow[] => posed.map((question) => answer(contest, entrants, question, ceilings));
        asked.push(rowsWith);
        onEvent({ kind: 'targets', rows: rowsWith(before) });
      });
    }
    const densities = density ? await unit('density', () => measureDensity(engine, { signal })) : [];
    if (density) {
      onEvent({ kind: 'density', rows: densities });
      onEvent({ kind: 'targets', rows: densities.map((row) => densityTarget(row, engine.device.software)) });
    }
    const skews = skew ? await unit('skew', () => measureSkew(engine, { signal })) : [];
    if (skew) {
      onEvent({ kind: 'skew', rows: skews });
      onEvent({ kind: 'targets', rows: skews.map(skewTarget) });
    }
    const runs = options.wholeRuns ? await unit('whole runs of the labs', () => options.wholeRuns!(signal)) : [];
    if (runs.length > 0) onEvent({ kind: 'runs', rows: runs });
    for (const kernel of kernels) {
      await unit(kernel.name, async (onTurn) => tell(await raceKernel(engine, kernel, { rounds: Math.max(3, Math.ceil(rounds / 2)), signal, onTurn }), before));
    }
    const after = await unit('ceilings again', () => measureCeilings(engine, signal));
    const ceilings = { ...bestOf([before, after], rows), before, after };
    onEvent({ kind: 'ceilings', ceilings });
    return {
      host, device: engine.device, ceilings, density: densities, skew: skews, cold, runs, notes,
      rows: rows.map((row) => withShare(row, ceilings)),
      targets: [...asked.flatMap((rowsWith) => rowsWith(ceilings)), ...densities.map((row) => densityTarget(row, engine.device.software)), ...skews.map(skewTarget)],
    };
  } finally {
    for (const rival of rivals) rival.dispose();
  }
}
