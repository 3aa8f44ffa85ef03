// From navigation to the first computed result, each time in a browser without cache, profile or pipelines.
//   npm run cold [-- --lab svdquant --rounds 5 --json FILE --only webgpu]
// Contenders take turns: the lab as it opens by default, the lab on WebGPU, and the first product of two matrices of
// TensorFlow.js on WebGPU (its core and that backend alone, CPU forwarding off), 128 and 256 cubed, read back. The
// lab's stored picture does not count: the clock stops when a result of this browser's own is painted.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withPage } from './page.mjs';
import { root } from './setup.mjs';

/** Milliseconds after which a browser just launched is done with itself. */
const BROWSER_STARTS = 3000;

/** Runs in the lab's page before its scripts: notes when the shell, a picture and a live result were there. */
function watch() {
  const seen = (globalThis.coldStart = {});
  const note = (name) => { seen[name] ??= performance.now(); };
  const look = () => {
    const host = document.querySelector('[data-lab]');
    if (!host) return;
    note('shell');
    if (host.querySelector('canvas')) note('picture');
    if (!(Number(host.dataset.run) >= 1) || seen.result) return;
    note('result');
    seen.engine = host.dataset.engine;
    seen.adapter = host.dataset.adapter;
    // The first task after the frame that shows it; a plain message would wait behind the patches that follow.
    requestAnimationFrame(() => void scheduler.postTask(() => note('painted'), { priority: 'user-blocking' }));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-run'] });
}

const RIVAL = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
tf.env().set('WEBGPU_CPU_FORWARD', false);
await tf.setBackend('webgpu');
await tf.ready();
const size = Number(location.hash.slice(1));
const data = (seed) => Float32Array.from({ length: size * size }, (_, i) => Math.sin(seed + i));
const c = await tf.matMul(tf.tensor2d(data(1), [size, size]), tf.tensor2d(data(2), [size, size])).data();
if (c.length !== size * size || !c.some((v) => v !== 0)) throw new Error('No product came back.');
globalThis.coldStart = { engine: tf.getBackend(), painted: performance.now() };
`;

/** Builds the rival's page once and serves it. */
async function serveRival() {
  const folder = join(root, '.cache/cold');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'rival.js'), RIVAL);
  await writeFile(join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:," /><script type="module" src="./rival.js"></script>');
  const { build, preview } = await import('vite');
  const config = { root: folder, configFile: false, base: './', logLevel: 'error', build: { target: 'es2023', chunkSizeWarningLimit: 4000 } };
  await build(config);
  const server = await preview({ ...config, preview: { port: 0, host: 'localhost' } });
  return { url: `http://localhost:${server.httpServer.address().port}/`, close: () => server.close() };
}

/** Milliseconds since navigation, by name, of one visit in a new browser. */
async function visit(launch, address) {
  const browser = await launch('webgpu');
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const failures = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.addInitScript(watch);
    await page.waitForTimeout(BROWSER_STARTS); // the browser builds its own pages first, on the same processor
    await page.goto(address);
    await page.waitForFunction(() => globalThis.coldStart?.painted, undefined, { timeout: 60_000 });
    if (failures.length > 0) throw new Error(`${address} failed: ${failures.join('; ')}`);
    return { ...(await page.evaluate(() => globalThis.coldStart)), browser: browser.version() };
  } finally {
    await browser.close();
  }
}

const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
};

/**
 * @param options.rounds visits of each contender
 * @param options.only part of a contender's id
 * @returns one entry for each contender: seconds from navigation to its first painted or read result
 */
export async function coldStart({ lab = 'svdquant', rounds = 5, only = '', rebuild = false, progress = () => {} } = {}) {
  const rival = await serveRival();
  try {
    return await withPage(async ({ url, launch }) => {
      const contenders = [
        { id: 'lab', label: `${lab} lab, as it opens`, address: `${url}#/${lab}` },
        { id: 'lab-webgpu', label: `${lab} lab on WebGPU`, address: `${url}#/${lab}?engine=webgpu` },
        { id: 'tfjs-128', label: 'TensorFlow.js, first product, 128³', address: `${rival.url}#128` },
        { id: 'tfjs-256', label: 'TensorFlow.js, first product, 256³', address: `${rival.url}#256` },
      ].filter(({ id }) => id.includes(only));
      const samples = contenders.map(() => []);
      for (let round = 0; round < rounds; round++) {
        for (const [i, contender] of contenders.entries()) {
          const seen = await visit(launch, contender.address);
          samples[i].push(seen);
          progress(`${contender.id} ${Object.entries(seen).map(([name, v]) => `${name} ${typeof v === 'number' ? Math.round(v) : v}`).join(', ')}`);
        }
      }
      return contenders.map(({ id, label }, i) => {
        const of = (name) => samples[i].flatMap((seen) => (typeof seen[name] === 'number' ? [seen[name] / 1000] : []));
        const told = (name) => (of(name).length ? { median: quantile(of(name), 0.5), low: quantile(of(name), 0.25), high: quantile(of(name), 0.75), min: Math.min(...of(name)), samples: of(name) } : undefined);
        return {
          id, label, rounds, engine: samples[i][0]?.engine, adapter: samples[i][0]?.adapter, browser: samples[i][0]?.browser,
          seconds: told('painted'), picture: told('picture'), shell: told('shell'),
        };
      });
    }, { rebuild });
  } finally {
    await rival.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: { lab: { type: 'string', default: 'svdquant' }, rounds: { type: 'string', default: '5' }, only: { type: 'string', default: '' }, json: { type: 'string' }, rebuild: { type: 'boolean', default: false } },
  });
  const found = await coldStart({ lab: values.lab, rounds: Number(values.rounds), only: values.only, rebuild: values.rebuild, progress: (line) => console.error(line) });
  for (const { label, engine, seconds, picture } of found) {
    const ms = (s) => (1000 * s).toFixed(0).padStart(5);
    console.log(`${label.padEnd(36)} ${String(engine).padEnd(10)} median ${ms(seconds.median)}  (${ms(seconds.low)} to ${ms(seconds.high)}, least ${ms(seconds.min)}) ms${picture ? `; stored picture after ${ms(picture.median)}` : ''}`);
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(found, undefined, 1)}\n`);
}
