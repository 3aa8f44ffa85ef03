// Bundle budgets: gzip bytes of what a visitor downloads before the first chart, and of each lazy part.
// Reads the build manifest, so that the static imports of a chunk are counted with it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './setup.mjs';

const KB = 1000;
const manifest = JSON.parse(readFileSync(join(root, 'dist/.vite/manifest.json'), 'utf8'));
const size = (file) => gzipSync(readFileSync(join(root, 'dist', file)), { level: 9 }).length;

/** The chunk of a source file and all that it imports statically. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`The build has no chunk for ${key}.`);
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunk.imports ?? []) closure(next, seen);
  return seen;
}
const bytes = (keys) => [...keys].reduce((sum, key) => sum + size(manifest[key].file), 0);
const lazyKey = (source) => Object.keys(manifest).find((key) => key === source && manifest[key].isDynamicEntry);

const entry = closure('index.html');
closure('src/app/main.tsx', entry);
/** All that the first view of a paper's lab downloads. */
function firstView(paper) {
  const seen = new Set(entry);
  for (const source of ['src/app/lab/LabPage.tsx', ...['lab.tsx', 'params.ts', 'lesson.ts'].map((name) => `src/papers/${paper}/${name}`)]) {
    const key = lazyKey(source);
    if (key) closure(key, seen);
  }
  return seen;
}
const labs = Object.keys(manifest).flatMap((key) => /^src\/papers\/(\w+)\/lab\.tsx$/.exec(key)?.[1] ?? []);
const largestOther = Object.values(manifest)
  .filter((chunk) => chunk.isDynamicEntry && chunk.file.endsWith('.js') && !chunk.src?.includes('?raw'))
  .map((chunk) => ({ name: chunk.src ?? chunk.name, bytes: size(chunk.file) }));

/** The workers' chunks, which the manifest of the page does not list: found by what they import. The first view does not wait for them. */
const listed = new Set(Object.values(manifest).map((chunk) => chunk.file));
const workerFiles = readdirSync(join(root, 'dist/assets')).map((name) => `assets/${name}`).filter((file) => file.endsWith('.js') && !listed.has(file));
const beginning = (name) => workerFiles.filter((file) => file.startsWith(`assets/${name}-`));
function withImports(files, seen = new Set()) {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(join(root, 'dist', file), 'utf8');
    withImports([...text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)].map(([, name]) => `assets/${name}`), seen);
  }
  return seen;
}
const workerBytes = (files) => [...withImports(files)].reduce((sum, file) => sum + size(file), 0);
const papers = beginning('paper').map((paper) => workerBytes([...beginning('worker'), paper]));

const rows = [
  ['home, first view', bytes(entry), 100 * KB],
  ...labs.map((paper) => [`lab ${paper}, first view before charts`, bytes(firstView(paper)), 150 * KB]),
  ['worker: engine, kernels, method of the largest lab', Math.max(...papers), 115 * KB],
  ['report worker', workerBytes(beginning('report-worker')), 100 * KB],
  ['benchmark worker: every kernel and its oracle, no library', workerBytes(beginning('bench-worker')), 110 * KB],
  ...largestOther.map(({ name, bytes: b }) => [`lazy: ${name}`, b, /tfjs|tensorflow/.test(name) ? 400 * KB : 170 * KB]),
];
let over = 0;
for (const [name, used, budget] of rows) {
  const bad = used > budget;
  if (bad) over++;
  console.log(`${bad ? 'OVER' : ' ok '}  ${(used / KB).toFixed(1).padStart(6)} of ${(budget / KB).toFixed(0)} KB gzip  ${name}`);
}
if (over) process.exit(1);
