/** npm run bench [-- --proof --only NAME --rounds N --no-rivals --dawn --json FILE --write] */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os';
import { dirname, join } from 'node:path';
import { runBench } from '../bench/bench';
import { toJson, toMarkdown, toText } from '../bench/document';
import type { BenchReport, Machine } from '../bench/report';
import { EngineError } from '../engine/engine';
import { openNodeEngine } from '../engine/node';
import { ArgumentError, parse, USAGE, type Arguments } from './bench/arguments';
import { benchInBrowser, root } from './bench/browser';
import { kernelsOf, planOf, type Plan } from './bench/plan';

async function benchInNode(plan: Plan, progress: (line: string) => void): Promise<{ report: BenchReport; program: string }> {
  const engine = await openNodeEngine('webgpu');
  try {
    const report = await runBench(engine, {
      host: 'dawn', kernels: kernelsOf(plan), proof: plan.proof, rivals: [], rounds: plan.rounds,
      onEvent(event) {
        if (event.kind === 'progress' && event.done < event.planned) progress(`${event.done + 1} of ${event.planned}  ${event.what}`);
      },
    });
    return { report, program: `Dawn for Node, Node ${process.versions.node}` };
  } finally {
    engine.dispose();
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
    const { report, program } = given.dawn ? await benchInNode(plan, progress) : await benchInBrowser(plan, progress);
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
    writeFileSync(path, toMarkdown(report, on, `npm run bench -- ${argv.join(' ')}`));
  }
}
