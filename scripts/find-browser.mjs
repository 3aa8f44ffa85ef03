// Finds a Chromium that can run the browser tests, and installs one where none is found.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google\\Chrome\\Application\\chrome.exe'),
];

/** The browser that CHROMIUM names, an installed Chrome or Chromium, else one that Playwright has downloaded. */
export async function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, but no file is there. Correct the variable, or unset it to let a browser be found.`);
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const installed = [...onPath, ...PLACES].find((path) => existsSync(path));
  if (installed) return installed;
  const { chromium } = await import('playwright');
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}

const succeeds = (command, args) => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/** Tries Debian's package (as root), then Playwright's own download. */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  console.error('No Chrome or Chromium was found; installing one …');
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    if (succeeds('apt-get', ['update', '-qq']) && succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])) {
      const debian = await findBrowser();
      if (debian) return debian;
    }
  }
  if (succeeds(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'])) {
    const own = await findBrowser();
    if (own) return own;
  }
  throw new Error('No Chromium could be found or installed. Install Google Chrome or Chromium (Debian: apt-get install chromium), or name one in the environment variable CHROMIUM, and run the command again.');
}
