/** Cold start, each contender in browsers of its own: scripts/cold.mjs, in a process of its own. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColdRow, TargetRow } from '../../bench/report';
import { ratioOf, spreadOf } from '../../bench/race';
import { row } from '../../bench/targets';
import { root } from './root';

/** What scripts/cold.mjs writes of each contender; seconds from navigation. */
export interface Visit {
  readonly id: string;
  readonly label: string;
  readonly engine: string;
  readonly seconds: { readonly median: number; readonly samples: readonly number[] };
}

const WORK = 'cold start to first result';
const SHAPE = 'SVDQuant lab';

export async function measureCold(rounds: number, progress: (line: string) => void): Promise<Visit[]> {
  const folder = mkdtempSync(join(tmpdir(), 'paperkernels-cold-'));
  try {
    const file = join(folder, 'cold.json');
    await new Promise<void>((done, failed) => {
      const child = spawn(process.execPath, [join(root, 'scripts/cold.mjs'), '--rounds', String(rounds), '--json', file, '--rebuild'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        for (const line of text.split('\n')) if (/^(lab|tfjs)/.test(line)) progress(line);
      });
      child.on('error', failed);
      child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`The cold start could not be measured: ${said.match(/^\w*Error: .*$/m)?.[0] ?? said.trim()}`))));
    });
    return JSON.parse(readFileSync(file, 'utf8')) as Visit[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const coldRows = (visits: readonly Visit[]): ColdRow[] => visits.map(({ id, label, engine, seconds }): ColdRow => ({
  contender: `${label} (${engine})`,
  kind: id.startsWith('lab') ? 'ours' : 'rival',
  what: id.startsWith('lab') ? 'first result painted' : 'first product read back',
  steps: [],
  total: seconds.median,
  times: spreadOf(seconds.samples),
  fresh: true,
}));

/** The lab as it opens against TensorFlow.js's first product: ahead of it. The lab on WebGPU beside. */
export function coldTargets(visits: readonly Visit[]): TargetRow[] {
  const of = (prefix: string): readonly Visit[] => visits.filter(({ id }) => id.startsWith(prefix));
  return of('lab').flatMap((ours) => of('tfjs').map((theirs): TargetRow => {
    const [ourTime, otherTime] = [spreadOf(ours.seconds.samples), spreadOf(theirs.seconds.samples)];
    const spread = ratioOf(otherTime, ourTime);
    return row({
      id: `cold/${ours.id}/${theirs.id}`, work: WORK, shape: SHAPE, ours: `${ours.label} (${ours.engine})`, against: theirs.label, quantity: 'time', sense: 'at least',
      value: spread.ofMedians, spread, bound: ours.id === 'lab' ? 1 : undefined, ourTime, otherTime, check: 'in browsers without cache, profile or pipelines',
    });
  }));
}

/** The line where it could not be measured. */
export const coldMissing = (check: string): TargetRow =>
  row({ id: 'cold/lab', work: WORK, shape: SHAPE, ours: 'svdquant lab, as it opens', against: 'TensorFlow.js, first product', quantity: 'time', sense: 'at least', bound: 1, check });
