/** Serves the built page from a sub-path as a static host would, and opens it in a real Chromium. */

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { afterAll, beforeAll, inject } from 'vitest';
import { findBrowser } from '../../scripts/find-browser.mjs';

const SUBPATH = '/some/where/';
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.bin': 'application/octet-stream' };

export interface Site {
  readonly url: string;
  /** @param more flags beside those that give the engine */
  readonly browser: (engine: 'webgpu' | 'reference', more?: readonly string[]) => Promise<Browser>;
  readonly close: () => Promise<void>;
}

export async function openSite(): Promise<Site> {
  const dist = inject('page');
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(dist, normalize(path.slice(SUBPATH.length) || 'index.html'));
    if (!path.startsWith(SUBPATH) || !file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => { server.listen(0, 'localhost', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  const browsers: Browser[] = [];
  return {
    url: `http://localhost:${address.port}${SUBPATH}`,
    async browser(engine, more = []) {
      const flags = engine === 'webgpu' ? ['--enable-unsafe-webgpu'] : [];
      const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox', ...flags, ...more] });
      browsers.push(browser);
      return browser;
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

export interface LabSite {
  readonly url: string;
  readonly browser: (engine: 'webgpu' | 'reference') => Browser;
  /** A page of its own, 1440 × 900 unless told otherwise. */
  readonly open: (engine: 'webgpu' | 'reference', route: string, options?: BrowserContextOptions) => Promise<Page>;
}

/** The built page and a browser for each engine, there for all tests of a file. */
export function labSite(): LabSite {
  let site: Site | undefined;
  let browsers: Readonly<Record<'webgpu' | 'reference', Browser>>;
  beforeAll(async () => {
    site = await openSite();
    const [webgpu, reference] = await Promise.all([site.browser('webgpu'), site.browser('reference')]);
    browsers = { webgpu, reference };
  });
  afterAll(() => site?.close());
  return {
    get url() { return site!.url; },
    browser: (engine) => browsers[engine],
    async open(engine, route, options = {}) {
      const context = await browsers[engine].newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      // A software adapter is left to the reference engine unless a link asks for WebGPU.
      await page.goto(`${site!.url}${route}${engine === 'webgpu' ? `${route.includes('?') ? '&' : '?'}engine=webgpu` : ''}`);
      return page;
    },
  };
}

/** How many results the lab has drawn. */
export const runs = async (page: Page): Promise<number> => Number(await page.getAttribute('[data-lab]', 'data-run'));
export const headline = (page: Page): Promise<string> => page.locator('.take').innerText();

/** Everything the console calls an error, and every uncaught one. */
export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

export const settled = (page: Page): Promise<unknown> => page.waitForSelector('[data-lab][data-state="done"]', { timeout: 90_000 });
/** A live result is drawn, though the charts below may still be under way. */
export const drawn = (page: Page, after = 0): Promise<unknown> =>
  page.waitForFunction((n) => Number(document.querySelector<HTMLElement>('[data-lab]')?.dataset.run ?? 0) > n, after, { timeout: 60_000 });

/** Method names and errors as the table shows them. */
export const methodTable = (page: Page): Promise<string> => page.locator('[data-panel="methods"]').innerText();

/** What axe finds, as sentences. Of a second theme only the colours are new. */
export async function axeFinds(page: Page, what: string, themes: readonly ('light' | 'dark')[] = ['light', 'dark']): Promise<string[]> {
  const found: string[] = [];
  for (const [i, colorScheme] of themes.entries()) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Only what is wrong is looked up and named: a third of the time went into naming all that is right.
    const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
    const { violations } = await (i === 0 ? axe : axe.withRules(['color-contrast'])).analyze();
    found.push(...violations.map(({ id, nodes }) => `${what}, ${colorScheme}, ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`));
  }
  return found;
}

/** Nothing is wider than the window, once the next frames are drawn. */
export async function fits(page: Page): Promise<boolean> {
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  return page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
}
