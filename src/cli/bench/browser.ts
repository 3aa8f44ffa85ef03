/** Builds the benchmark page, serves it, and runs it in a headless Chromium. */

import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { ensureBrowser } from '../../../scripts/find-browser.mjs';
import type { BenchReport } from '../../bench/report';
import type { Plan } from './plan';
import { root } from './root';

const here = dirname(fileURLToPath(import.meta.url));

/** @returns the report, and the browser's name and version */
export async function benchInBrowser(plan: Plan, progress: (line: string) => void): Promise<{ report: BenchReport; program: string }> {
  const outDir = join(root, `.cache/bench-${process.pid}`);
  const config = { root: here, configFile: false, base: './', logLevel: 'error', build: { outDir, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4000 } } as const;
  progress('building the page');
  await build(config);
  const server = await preview({ ...config, preview: { port: 0, host: 'localhost' } });
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: ['--enable-unsafe-webgpu', '--no-sandbox', '--headless=new'] });
  try {
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.exposeFunction('paperkernelsProgress', progress);
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForFunction(() => 'paperkernelsBench' in window);
    const report = await page.evaluate((given) => window.paperkernelsBench(given), plan);
    if (failures.length > 0) throw new Error(`The benchmark page failed: ${failures.join('; ')}`);
    return { report, program: `Chromium ${browser.version()}, headless` };
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
}
