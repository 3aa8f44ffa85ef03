// Serves the built page and opens it in a headless browser, for the scripts that measure or picture it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, setup } from './setup.mjs';

export const FLAGS = { webgpu: ['--enable-unsafe-webgpu'], reference: ['--disable-features=WebGPU', '--disable-gpu'] };

/** Builds when there is no build (or `rebuild`), serves it, and hands `body` a browser launcher and the address. */
export async function withPage(body, { rebuild = false } = {}) {
  setup();
  const { build, preview } = await import('vite');
  const { chromium } = await import('playwright');
  const { ensureBrowser } = await import('./find-browser.mjs');
  if (rebuild || !existsSync(join(root, 'dist/index.html'))) await build({ root, logLevel: 'warn' });
  const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: 'localhost' } });
  const url = `http://localhost:${server.httpServer.address().port}/`;
  const browsers = [];
  const launch = async (engine) => {
    const browser = await chromium.launch({
      executablePath: await ensureBrowser(),
      args: ['--no-sandbox', '--disable-background-networking', ...FLAGS[engine]],
    });
    browsers.push(browser);
    return browser;
  };
  try {
    return await body({ url, launch });
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.close();
  }
}

/** A lab's address for an engine: a software adapter is left to the reference engine unless the link asks for WebGPU. */
export const onEngine = (address, engine) => (engine === 'webgpu' ? `${address}${address.includes('?') ? '&' : '?'}engine=webgpu` : address);

/** Waits until the lab has drawn a live result of every phase. */
export const settled = (page, timeout = 120_000) => page.waitForSelector('[data-lab][data-state="done"]', { timeout });
