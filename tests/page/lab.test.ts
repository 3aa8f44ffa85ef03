import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { writeNpy } from '../../src/inputs/npy';
import { axeFinds, drawn, fits, labSite, methodTable, settled, watchErrors } from './site';

const site = labSite();
const { open } = site;

/** A quick run: small layer. */
const SMALL = '#/svdquant?v=1&tokens=24&in=64&out=48';

const rank = (page: Page) => page.locator('.side [data-control="rank"] input[type=range]');

describe('the lab, from a sub-path', () => {
  test('WebGPU: done, without an error in the console; a reload gives the same numbers', async () => {
    const page = await open('webgpu', SMALL);
    const errors = watchErrors(page);
    await settled(page);
    expect(await page.getAttribute('[data-lab]', 'data-engine')).toBe('webgpu');
    const before = await methodTable(page);
    expect(before).toContain('SVDQuant');
    await page.reload();
    await settled(page);
    expect(await methodTable(page)).toBe(before);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a software adapter: the reference engine by itself, WebGPU at the reader’s word, and at every visit after that', async () => {
    const page = await (await site.browser('webgpu').newContext()).newPage();
    await page.goto(site.url + SMALL);
    await drawn(page);
    expect(await page.getAttribute('[data-lab]', 'data-engine')).toBe('reference');
    expect(await page.locator('.notice').innerText()).toContain('software (SwiftShader)');
    await page.getByRole('button', { name: 'Use WebGPU all the same' }).click();
    await page.waitForSelector('[data-engine="webgpu"]');
    await page.reload();
    await drawn(page);
    expect(await page.getAttribute('[data-lab]', 'data-engine')).toBe('webgpu');
    await page.goto(`${site.url}#/device`);
    await page.getByText('Automatic', { exact: true }).click();
    await page.waitForSelector('.device[data-engine="reference"]');
    await page.context().close();
  });

  test('no WebGPU: the reference engine, and a sentence that says so', async () => {
    const page = await open('reference', SMALL);
    const errors = watchErrors(page);
    await settled(page);
    expect(await page.getAttribute('[data-lab]', 'data-engine')).toBe('reference');
    expect(await page.locator('.notices .notice').count()).toBe(1);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a slider recomputes, stands in the link, and back undoes it', async () => {
    const page = await open('reference', SMALL);
    await settled(page);
    const before = await methodTable(page);
    const runs = Number(await page.getAttribute('[data-lab]', 'data-run'));
    await rank(page).focus();
    await page.keyboard.press('ArrowRight');
    await drawn(page, runs);
    await settled(page);
    expect(page.url()).toContain('rank=9');
    expect(await methodTable(page)).not.toBe(before);
    await page.goBack();
    await page.waitForFunction(() => !location.hash.includes('rank='));
    expect(await rank(page).inputValue()).toBe('8');
    await drawn(page, runs + 1);
    await settled(page);
    expect(await methodTable(page)).toBe(before);
    await page.context().close();
  });

  test('the default preset is drawn from its stored result before any engine is ready', async () => {
    const page = await (await site.browser('reference').newContext()).newPage();
    await page.addInitScript(() => {
      // An engine that never comes.
      window.Worker = class extends EventTarget { postMessage(): void {} terminate(): void {} } as unknown as typeof Worker;
    });
    await page.goto(`${site.url}#/svdquant`);
    await page.waitForSelector('[data-panel="methods"]');
    expect(await page.getAttribute('[data-lab]', 'data-state')).toBe('loading');
    await page.context().close();
  });
});

describe('a file of the reader’s own', () => {
  test('malformed: a sentence, and the page as it was', async () => {
    const page = await open('reference', SMALL);
    await settled(page);
    const [before, link] = [await methodTable(page), page.url()];
    await page.setInputFiles('input[type=file]', { name: 'broken.safetensors', mimeType: '', buffer: Buffer.from([255, 255, 255, 255, 255, 0, 0, 0, 123]) });
    const notice = page.locator('.files .notice-failed');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('broken.safetensors');
    expect(await methodTable(page)).toBe(before);
    expect(page.url()).toBe(link);
    expect(await page.getAttribute('[data-lab]', 'data-state')).not.toBe('error');
    await page.context().close();
  });

  test('a matrix stands in for W, and its link asks for the file', async () => {
    const page = await open('reference', SMALL);
    await settled(page);
    const runs = Number(await page.getAttribute('[data-lab]', 'data-run'));
    const data = Float32Array.from({ length: 40 * 64 }, (_, i) => Math.sin(i * 12.9898) * 0.05);
    const file = { name: 'layer.npy', mimeType: '', buffer: Buffer.from(writeNpy('<f4', [40, 64], data)) };
    await page.setInputFiles('input[type=file]', file);
    await page.getByRole('button', { name: 'Use it' }).click();
    await drawn(page, runs);
    await settled(page);
    expect(new URLSearchParams(page.url().split('?')[1]).get('weights')).toBe('layer.npy');
    const table = await methodTable(page);

    await page.reload();
    const asks = page.locator('.notices .notice-degraded', { hasText: 'layer.npy' });
    await asks.waitFor();
    await page.setInputFiles('input[type=file]', file);
    await settled(page);
    expect(await methodTable(page)).toBe(table);
    expect(await asks.count()).toBe(0);
    await page.context().close();
  });
});

test('keys: ? lists them, P presents, arrows step, Escape leaves', async () => {
  const page = await open('reference', SMALL);
  await drawn(page);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('p');
  await page.getByText('Step 1 of 6').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText('Step 2 of 6').waitFor();
  expect(page.url()).toContain('present=1');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).waitFor();
  await page.context().close();
});

test('Kernels: a broken kernel differs from its oracle, and is restored', async () => {
  const page = await open('webgpu', `${SMALL}&view=kernels&kernel=transpose`);
  await page.waitForSelector('[data-verdict="agrees"]', { timeout: 60_000 });
  const code = page.locator('.cm-content');
  await code.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('fn main( {');
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForSelector('[data-verdict="differs"]');
  await page.locator('.code-message').first().waitFor();
  await page.getByRole('button', { name: 'Restore the original' }).click();
  await page.waitForSelector('[data-verdict="agrees"]', { timeout: 60_000 });
  expect(await page.getByRole('button', { name: 'Restore the original' }).isDisabled()).toBe(true);
  await page.context().close();
});

test('after the first visit the site opens without a network, and computes', async () => {
  const page = await open('reference', '#/');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.context().setOffline(true);
  await page.goto(`${site.url}${SMALL}`);
  await page.reload();
  await drawn(page);
  expect(await methodTable(page)).toContain('SVDQuant');
  await page.context().close();
});

test('a pinned run stands beside the one after it', async () => {
  const page = await open('reference', SMALL);
  await drawn(page);
  await page.getByRole('button', { name: 'Pin run' }).click();
  const runs = Number(await page.getAttribute('[data-lab]', 'data-run'));
  await page.getByRole('button', { name: 'Rank 0' }).click();
  await drawn(page, runs);
  const panel = page.locator('[data-panel="pinned"]');
  await panel.waitFor();
  expect(await panel.innerText()).toContain('Rank');
  expect(await panel.locator('canvas').count()).toBeGreaterThanOrEqual(2);
  await page.context().close();
});

const PAGES = [['home', '#/'], ['lab', SMALL], ['lesson', `${SMALL}&view=lesson`], ['kernels', `${SMALL}&view=kernels`], ['device', '#/device']] as const;

test.each(PAGES)('%s: axe finds nothing in either theme, and nothing overflows at 390 px', async (name, route) => {
  const page = await open('reference', route, { reducedMotion: 'reduce' });
  if (route.startsWith('#/svdquant')) await drawn(page);
  else await page.waitForSelector(name === 'device' ? '.device-panels' : '.cards');
  // The editor comes in a chunk of its own.
  if (name === 'kernels') await page.waitForSelector('.cm-content');
  expect(await axeFinds(page, name)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  await page.context().close();
});
