/** `npm run golden -- FOLDER`: every golden case of a folder against the methods the labs call. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openNodeEngine } from '../engine/node';
import type { Engine } from '../engine/engine';
import type { Check } from '../golden/compare';
import { adapters, evaluate, worst, type Verdict } from '../golden/evaluate';
import type { GoldenArray, GoldenCase, Json } from '../golden/case';
import { parseJson } from '../golden/json';
import { readNpy, writeNpy } from '../inputs/npy';
import { parseArguments, UsageError, USAGE, type GoldenArguments } from './golden-arguments';

const isRecord = (value: unknown): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);

async function readCaseFile(folder: string): Promise<Record<string, Json>> {
  const parsed = parseJson(await readFile(join(folder, 'case.json'), 'utf8'));
  if (!isRecord(parsed) || typeof parsed.algorithm !== 'string') throw new Error('case.json names no algorithm.');
  return parsed;
}

async function readArrays(folder: string, files: readonly string[], prefix: string): Promise<Record<string, GoldenArray>> {
  const arrays: Record<string, GoldenArray> = {};
  for (const file of files) {
    if (file.startsWith(prefix) && file.endsWith('.npy')) {
      arrays[file.slice(prefix.length, -'.npy'.length)] = readNpy(await readFile(join(folder, file)));
    }
  }
  return arrays;
}

async function loadCase(folder: string, head: Record<string, Json>): Promise<GoldenCase> {
  const files = (await readdir(folder)).sort();
  return {
    name: basename(folder),
    algorithm: String(head.algorithm),
    params: isRecord(head.params) ? head.params : {},
    inputs: await readArrays(folder, files, 'in_'),
    expected: await readArrays(folder, files, 'out_'),
    scalars: isRecord(head.expected_scalars) ? head.expected_scalars : {},
  };
}

async function writeOutputs(directory: string, golden: GoldenCase, { computed }: Verdict): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, expected] of Object.entries(golden.expected)) {
    const data = computed.arrays[name];
    if (data?.length === expected.data.length) {
      await writeFile(join(directory, `out_${name}.npy`), writeNpy(expected.dtype, expected.shape, data));
    }
  }
  await writeFile(join(directory, 'scalars.json'), `${JSON.stringify(computed.scalars, null, 1)}\n`);
}

const figure = (value: number): string => (value === 0 ? '0' : value.toExponential(1));
const describe = (c: Check): string => `${c.quantity} ${figure(c.deviation)} of ${figure(c.bound)}${c.note ? ` (${c.note})` : ''}`;

/** One line for a case: verdict, name, what came nearest its bound, and whatever failed. */
export function line(name: string, verdict: Verdict): string {
  const failures = verdict.checks.filter((c) => !c.ok);
  const nearest = worst(verdict.checks);
  const parts = failures.length > 0 ? failures.map(describe) : nearest ? [describe(nearest)] : ['nothing was compared'];
  const free = verdict.notCompared.length > 0 ? `; not compared: ${verdict.notCompared.join(', ')}` : '';
  return `${passes(verdict) ? 'pass' : 'FAIL'}  ${name}  ${parts.join('; ')}  [${verdict.checks.length} quantities${free}]`;
}

/** A case passes when something was compared and all of it holds. */
const passes = (verdict: Verdict): boolean => verdict.checks.length > 0 && verdict.checks.every((c) => c.ok);

async function runCase(folder: string, head: Record<string, Json>, engine: Engine, write?: string): Promise<boolean> {
  const name = basename(folder);
  const adapter = adapters.get(String(head.algorithm));
  if (!adapter) {
    console.log(`FAIL  ${name}  the algorithm ${String(head.algorithm)} is not known here`);
    return false;
  }
  try {
    const golden = await loadCase(folder, head);
    const verdict = await evaluate(golden, adapter, engine);
    if (write) await writeOutputs(join(write, name), golden, verdict);
    console.log(line(name, verdict));
    return passes(verdict);
  } catch (error) {
    console.log(`FAIL  ${name}  ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Folders below `folder` that hold a case.json, by name. @throws UsageError when there are none */
async function caseFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new UsageError(`The folder ${folder} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  });
  const found: string[] = [];
  for (const entry of entries.filter((e) => e.isDirectory() || e.isSymbolicLink())) {
    const files = await readdir(join(folder, entry.name)).catch((): string[] => []);
    if (files.includes('case.json')) found.push(join(folder, entry.name));
  }
  if (found.length === 0) throw new UsageError(`The folder ${folder} holds no case folders (each has a case.json).`);
  return found.sort();
}

async function runAll({ folder, only, engine: kind, write }: GoldenArguments): Promise<number> {
  const folders = await caseFolders(folder);
  let [passed, failed] = [0, 0];
  const engine = await openNodeEngine(kind);
  try {
    for (const path of folders) {
      const head = await readCaseFile(path).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      if (head instanceof Error) {
        // A case whose algorithm cannot be read matches every prefix: it must not hide behind one.
        console.log(`FAIL  ${basename(path)}  ${head.message}`);
        failed++;
      } else if (only.length === 0 || only.some((prefix) => String(head.algorithm).startsWith(prefix))) {
        if (await runCase(path, head, engine, write)) passed++;
        else failed++;
      }
    }
  } finally {
    engine.dispose();
  }
  if (passed + failed === 0) throw new UsageError(`No case of ${folder} has an algorithm that starts with ${only.join(' or ')}.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** @returns the exit code: 0, 1 when a case failed, 2 for arguments that cannot be used */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(argv);
    if (parsed === 'help') {
      console.log(USAGE);
      return 0;
    }
    return await runAll(parsed);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(error.message);
      return 2;
    }
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
