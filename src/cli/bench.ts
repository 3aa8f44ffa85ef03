/** npm run bench [-- --proof --only NAME --rounds N --no-rivals --dawn --json FILE --write] */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os';
import { dirname, join } from 'node:path';
import { runBench } from '../bench/bench';
import { toJson, toMarkdown, toText } from '../bench/document';
import type { BenchReport, Machine } from '../bench/report';
import { measureWholeRuns } from './bench/whole-runs';
import { EngineError } from '../engine/engine';
import { openNodeEngine } from '../engine/node';
import { ArgumentError, parse, USAGE, type Arguments } from './bench/arguments';
import { benchInBrowser } from './bench/browser';
import { coldMissing, coldRows, coldTargets, measureCold } from './bench/cold';
import { kernelsOf, planOf, progressOf, type Plan } from './bench/plan';
import { root } from './bench/root';
import { labs } from './labs';

async function benchInNode(plan: Plan, progress: (line: string) => void): Promise<{ report: BenchReport; program: string }> {
  const engine = await openNodeEngine('webgpu');
  try {
    const report = await runBench(engine, {
      host: 'dawn', kernels: kernelsOf(plan), proof: plan.proof, rivals: [], rounds: plan.rounds,
      ...(plan.wholeRuns && { wholeRuns: (signal) => measureWholeRuns(engine, labs.values(), plan.rounds, signal) }),
      onEvent: progressOf(progress),
    });
    return { report, program: `Dawn for Node, Node ${process.versions.node}` };
  } finally {
    engine.dispose();
  }
}

const VISITS = 5;

async function withCold(report: BenchReport, progress: (line: string) => void): Promise<BenchReport> {
  progress('cold start, each time in a browser of its own');
  try {
    const visits = await measureCold(VISITS, progress);
    return { ...report, cold: [...coldRows(visits), ...report.cold], targets: [...report.targets, ...coldTargets(visits)] };
  } catch (error) {
    // What was measured before it stands.
    const why = error instanceof Error ? error.message : String(error);
    return { ...report, targets: [...report.targets, coldMissing(why)], notes: [...report.notes, why] };
  }
}

const machine = (program: string, loadBefore: number): Machine => ({
  date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
  cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${systemType()} ${release()}`,
  program,
  load: [loadBefore, loadavg()[0]],
});

/** @returns the exit status: 0, 1 for a failed run or a wrong result of ours, 2 for unusable arguments */
export async function main(argv: readonly string[]): Promise<number> {
  let given: Arguments;
  try {
    given = parse(argv);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    console.error(error.message);
    return 2;
  }
  if (given.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    const loadBefore = loadavg()[0];
    const progress = (line: string): void => console.error(line);
    const plan = planOf(given);
    const { report: measured, program } = given.dawn ? await benchInNode(plan, progress) : await benchInBrowser(plan, progress);
    const report = plan.cold ? await withCold(measured, progress) : measured;
    publish(given, argv, report, machine(program, loadBefore));
    return report.rows.every(({ kind, correct }) => correct || kind === 'rival') ? 0 : 1;
  } catch (error) {
    console.error(error instanceof EngineError ? error.message : error);
    return 1;
  }
}

function publish({ dawn, write, json }: Arguments, argv: readonly string[], report: BenchReport, on: Machine): void {
  const { device } = report;
  console.log(`${device.label}${device.software ? ' (software: the times of a CPU, not of a GPU)' : ''}, ${on.program}`);
  console.log(toText(report));
  for (const note of report.notes) console.log(note);
  if (json !== undefined) writeFileSync(json, toJson(report, on));
  if (write) {
    const path = join(root, dawn ? 'docs/benchmarks-dawn.md' : 'docs/benchmarks.md');
    mkdirSync(dirname(path), { recursive: true });
    // Where somebody's JSON went does not belong to the report.
    const told = argv.filter((word, i) => word !== '--json' && argv[i - 1] !== '--json');
    writeFileSync(path, toMarkdown(report, on, `npm run bench -- ${told.join(' ')}`));
  }
}
