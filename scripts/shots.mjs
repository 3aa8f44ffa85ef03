// Pictures of the built page: node scripts/shots.mjs [OUT] [--engine reference|webgpu] [--only NAME]
// --full pictures the whole page, also what the page would lay out only when scrolled to.
// Writes OUT/<page>-<size>-<theme>.png; README.md's picture is lab-desktop-light.png of docs/.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onEngine, settled, withPage } from './page.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string', default: 'webgpu' }, only: { type: 'string', default: '' }, rebuild: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
});
const out = positionals[0] ?? 'shots';
const SIZES = { desktop: [1440, 900], mobile: [390, 844], tablet: [900, 1100], wide: [1920, 1080] };
const PAGES = [
  ['home', '#/', ['desktop', 'mobile']],
  ['lab', '#/svdquant', ['desktop', 'mobile', 'tablet']],
  ['lesson', '#/svdquant?view=lesson', ['desktop', 'mobile']],
  ['kernels', '#/svdquant?view=kernels', ['desktop', 'mobile']],
  ['present', '#/svdquant?present=1', ['wide']],
  ['embed', '#/svdquant?embed=1', ['tablet']],
  ['squeezellm', '#/squeezellm', ['desktop', 'mobile', 'tablet']],
  ['squeezellm-lesson', '#/squeezellm?view=lesson', ['desktop', 'mobile']],
  ['squeezellm-present', '#/squeezellm?present=1', ['wide']],
  ['squeezellm-embed', '#/squeezellm?embed=1', ['tablet']],
  ['svg', '#/svg', ['desktop', 'mobile', 'tablet']],
  ['svg-lesson', '#/svg?view=lesson', ['desktop', 'mobile']],
  ['svg-present', '#/svg?present=1', ['wide']],
  ['svg-embed', '#/svg?embed=1', ['tablet']],
  ['svg2', '#/svg2', ['desktop', 'mobile', 'tablet']],
  ['svg2-lesson', '#/svg2?view=lesson&lesson=5', ['desktop', 'mobile']],
  ['svg2-present', '#/svg2?present=1&lesson=5', ['wide']],
  ['svg2-embed', '#/svg2?embed=1', ['tablet']],
  ['model', '#/model', ['desktop', 'mobile']],
  ['device', '#/device', ['desktop', 'mobile']],
  ['bench', '#/bench', ['desktop', 'mobile']],
];

mkdirSync(out, { recursive: true });
await withPage(async ({ url, launch }) => {
  const browser = await launch(values.engine);
  for (const [name, route, sizes] of PAGES.filter(([n]) => n.includes(values.only))) {
    for (const size of sizes) {
      for (const theme of ['light', 'dark']) {
        const [width, height] = SIZES[size];
        const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
        page.on('console', (message) => { if (message.type() === 'error') console.error(`${name}: ${message.text()}`); });
        page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
        await page.goto(onEngine(url + route, values.engine));
        if (/^#\/(svdquant|squeezellm|svg)/.test(route)) await settled(page);
        else await page.waitForTimeout(1500);
        if (values.full) {
          await page.addStyleTag({ content: '* { content-visibility: visible !important; }' });
          await page.waitForTimeout(1000); // charts that load when they are first laid out
        }
        const file = join(out, `${name}-${size}-${theme}.png`);
        await page.screenshot({ path: file, fullPage: values.full });
        console.log(file);
        await page.close();
      }
    }
  }
}, { rebuild: values.rebuild });
