// From input to painted result: moves every slider of the default preset and reports the 95th percentile.
//   npm run latency [-- --lab svdquant|squeezellm|svg|svg2 --engine reference|webgpu --moves 12 --limit 150]
// A move sets the slider as a hand does (an input event); it ends when the page has drawn the result of exactly
// those parameters (data-run counts drawn results): at the first task after the animation frame that paints it, when
// the page thread has handed the painted frame over. Exit 1 above the limit.
import { parseArgs } from 'node:util';
import { onEngine, settled, withPage } from './page.mjs';

const { values } = parseArgs({
  options: { lab: { type: 'string', default: 'svdquant' }, engine: { type: 'string', default: 'reference' }, moves: { type: 'string', default: '12' }, limit: { type: 'string', default: '150' }, rebuild: { type: 'boolean', default: false } },
});
const SLIDERS = { svdquant: ['rank', 'alpha', 'beta', 'outliers', 'size', 'seed'], squeezellm: ['bits', 'sensitive', 'share', 'layer', 'calibration'], svg: ['kept', 'rows', 'head', 'share'], svg2: ['topP', 'minKept', 'head'] }[values.lab];
if (!SLIDERS) throw new Error(`--lab is "${values.lab}", but it must be svdquant, squeezellm, svg or svg2.`);

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

/** Runs in the page: one move of one slider, milliseconds until painted. */
function move([name, step]) {
  const slider = document.querySelector(`input[type=range][name="${name}"]`);
  if (!slider) throw new Error(`The page has no slider named ${name}.`);
  const host = document.querySelector('[data-lab]');
  const before = Number(host.dataset.run);
  const span = Number(slider.max) - Number(slider.min);
  const next = Number(slider.min) + ((Number(slider.value) - Number(slider.min) + step * Number(slider.step || 1)) % (span + Number(slider.step || 1)));
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const timer = setTimeout(() => reject(new Error(`No result within 10 s of moving ${name}.`)), 10_000);
    const watch = new MutationObserver(() => {
      if (Number(host.dataset.run) <= before) return;
      watch.disconnect();
      clearTimeout(timer);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve(performance.now() - start), { once: true });
        port1.start();
        port2.postMessage(null);
      });
    });
    watch.observe(host, { attributes: true, attributeFilter: ['data-run'] });
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, String(next));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

const failed = await withPage(async ({ url, launch }) => {
  const browser = await launch(values.engine);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(onEngine(`${url}#/${values.lab}`, values.engine));
  await settled(page);
  const engine = await page.getAttribute('[data-lab]', 'data-engine');
  const adapter = await page.getAttribute('[data-lab]', 'data-adapter');
  console.log(`engine ${engine} (${adapter}), ${values.moves} moves of each slider; milliseconds from input to paint`);
  const all = [];
  for (const name of SLIDERS) {
    const times = [];
    for (let i = 0; i < Number(values.moves); i++) {
      times.push(await page.evaluate(move, [name, 1 + (i % 2)]));
      await page.waitForTimeout(120);
    }
    times.sort((a, b) => a - b);
    all.push(...times);
    console.log(`${name.padEnd(10)} median ${quantile(times, 0.5).toFixed(0).padStart(4)}   p95 ${quantile(times, 0.95).toFixed(0).padStart(4)}`);
    await page.evaluate((n) => document.querySelector(`input[type=range][name="${n}"]`).dispatchEvent(new Event('change', { bubbles: true })), name);
    await settled(page);
  }
  all.sort((a, b) => a - b);
  const p95 = quantile(all, 0.95);
  const over = p95 > Number(values.limit);
  console.log(`all        median ${quantile(all, 0.5).toFixed(0).padStart(4)}   p95 ${p95.toFixed(0).padStart(4)}   limit ${values.limit}: ${over ? 'over' : 'within'}`);
  return over;
}, { rebuild: values.rebuild });
process.exitCode = failed ? 1 : 0;
