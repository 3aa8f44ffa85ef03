/** npm run bench [-- --only NAME --json FILE --write --dawn --rounds N] */

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os';
import { dirname, join } from 'node:path';
import { kernels } from '../../kernels/registry';
import { EngineError } from '../engine/engine';
import { openNodeEngine } from '../engine/node';
import { ArgumentError, parse, USAGE, type Arguments } from './arguments';
import { benchInBrowser, root } from './browser';
import { toMarkdown, toText, type BenchReport, type Machine } from './report';
import { runSuite } from './suite';

async function benchInNode({ only, rounds }: Arguments, progress: (line: string) => void): Promise<{ report: BenchReport; program: string }> {
  const engine = await openNodeEngine('webgpu');
  try {
    const chosen = kernels.filter(({ name }) => only.length === 0 || only.includes(name));
    const report = await runSuite(engine, chosen, { host: 'dawn', rounds, progress });
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

/** @returns the exit status: 0, 1 for a failed run or a wrong result, 2 for unusable arguments */
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
    const { report, program } = given.dawn ? await benchInNode(given, progress) : await benchInBrowser(given, progress);
    publish(given, report, machine(program, loadBefore));
    return report.rows.every(({ correct }) => correct) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof EngineError ? error.message : error);
    return 1;
  }
}

function publish({ dawn, write, json, rounds, only }: Arguments, report: BenchReport, on: Machine): void {
  const { device } = report;
  console.log(`${device.label}${device.software ? ' (software: the times of a CPU, not of a GPU)' : ''}, ${on.program}\n`);
  console.log(toText(report));
  for (const note of report.notes) console.log(note);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine: on, ...report }, null, 2)}\n`);
  if (write) {
    const path = join(root, dawn ? 'docs/benchmarks-dawn.md' : 'docs/benchmarks.md');
    const options = [dawn && '--dawn', `--rounds ${rounds}`, ...only.map((name) => `--only ${name}`), '--write'].filter(Boolean);
    const command = `npm run bench -- ${options.join(' ')}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, toMarkdown(report, on, command));
  }
}
