import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { axeFinds, drawn, fits, headline, labSite, methodTable, runs, settled, watchErrors } from './site';

const site = labSite();
const { open } = site;

/** Quick runs of few tokens. */
const SMALL = '#/svg?v=1&frames=8&grid=4&steps=3';
const SMALLER = '#/svg?v=1&frames=4&grid=4&dim=16&steps=1';

/** Ink of a canvas, in short: what a redrawn picture changes. */
const inkOf = (page: Page, selector: string): Promise<string> => page.locator(selector).first().evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
const LOOK = '[aria-label^="Attention of the query, dense"]';

describe('the Sparse VideoGen lab', () => {
  test('WebGPU: every tile and panel without an error in the console', async () => {
    const page = await open('webgpu', SMALLER);
    const errors = watchErrors(page);
    await settled(page);
    expect(await page.getAttribute('[data-lab]', 'data-engine')).toBe('webgpu');
    expect(await page.locator('.strip-tile').count()).toBe(10);
    expect(await page.locator('.head-picker [role=radio] canvas').count()).toBe(4);
    for (const panel of ['bound', 'heads', 'orders', 'methods', 'sweeps', 'agreement', 'tiles', 'timeline', 'steps', 'operations', 'traffic', 'time', 'claims', 'says', 'measured']) {
      await page.locator(`[data-panel="${panel}"]`).first().waitFor({ state: 'attached', timeout: 5000 });
    }
    expect(await methodTable(page)).not.toMatch(/…|NaN/);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  // With the text first, tokens and tokens of the video differ.
  test('a query picked by click and by keys is in the link and changes where it looks, and nothing of the layer; the link gives all of it again', async () => {
    const page = await open('reference', `${SMALL}&variant=cog&text=8`);
    const errors = watchErrors(page);
    await settled(page);
    const [table, count, ink] = [await methodTable(page), await runs(page), await inkOf(page, `${LOOK} canvas`)];
    const frames = page.getByRole('application', { name: /^Frames of the video/ });
    const box = (await frames.locator('canvas').nth(1).boundingBox())!;
    await page.mouse.click(box.x + (0.5 / 4) * box.width, box.y + (2.5 / 4) * box.height);
    await drawn(page, count);
    expect(page.url()).toMatch(/[?&]frame=1(&|$)/);
    expect(page.url()).toMatch(/[?&]place=8(&|$)/);
    const picked = await inkOf(page, `${LOOK} canvas`);
    expect(picked).not.toBe(ink);
    await frames.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => /[?&]place=9(&|$)/.test(location.hash));
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => /[?&]frame=2(&|$)/.test(location.hash));
    await settled(page);
    const last = await inkOf(page, `${LOOK} canvas`);
    expect(last).not.toBe(picked);
    expect(await methodTable(page)).toBe(table);
    const words = await headline(page);
    await page.reload();
    await settled(page);
    expect([await methodTable(page), await headline(page), await inkOf(page, `${LOOK} canvas`)]).toEqual([table, words, last]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a head chosen in the strip, in the gallery, and a preset change the strip; a moved head and one that stays say so', async () => {
    const page = await open('reference', SMALL);
    await settled(page);
    const strip = page.locator('#strip');
    expect(await headline(page)).toMatch(/Head 2, judged temporal/);
    expect(await strip.innerText()).toMatch(/gathered/);
    await strip.getByRole('radio', { name: 'Head 1, spatial' }).click();
    await page.locator('.take').getByText('Head 1, judged spatial').waitFor();
    expect(page.url()).toMatch(/[?&]head=1(&|$)/);
    expect(await strip.innerText()).toMatch(/Not moved/);
    await page.keyboard.press('ArrowRight');
    await page.locator('.take').getByText(/^Head 2,/).waitFor();
    await page.locator('[data-panel="heads"] [data-head="3"]').click();
    await page.locator('.take').getByText(/^Head 3,/).waitFor();
    const count = await runs(page);
    const chip = page.getByRole('button', { name: 'Frame 0 sink' });
    await chip.click();
    await drawn(page, count);
    expect(page.url()).toContain('sink=frame');
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });
});

test('the lab: axe finds nothing in either theme, nor at 390 px, and nothing overflows', async () => {
  const page = await open('reference', SMALLER, { reducedMotion: 'reduce' });
  await settled(page);
  expect(await axeFinds(page, '1440 px')).toEqual([]);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  expect(await axeFinds(page, '390 px', ['light'])).toEqual([]);
  await page.goto(`${site.url}${SMALLER}&view=lesson`);
  await drawn(page);
  expect(await fits(page)).toBe(true);
  await page.context().close();
});
