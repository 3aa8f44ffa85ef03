import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { axeFinds, drawn, fits, headline, labSite, methodTable, runs, settled, watchErrors } from './site';

const site = labSite();
const { open } = site;

/** A quick run: 64 tokens, few clusters, one head. */
const SMALL = '#/svg2?v=1&frames=4&grid=4&heads=1&queryClusters=6&keyClusters=8&classes=4&dim=16&token=20';

/** Pixels of a canvas as text, to tell two pictures apart. */
const picture = (page: Page, selector: string): Promise<string> => page.locator(selector).first().evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
const FIELD = '[data-panel="flight"] canvas[role=img]';

describe('the Sparse VideoGen 2 lab', () => {
  test('every tile, panel and method without an error in the console; the link, and WebGPU, give the same numbers again', async () => {
    const page = await open('reference', SMALL);
    const errors = watchErrors(page);
    await settled(page);
    expect(await page.locator('.strip-tile').count()).toBe(13);
    expect(await page.locator('[data-panel="methods"] tbody tr').count()).toBe(10);
    for (const panel of ['frames', 'flight', 'mass', 'density', 'pareto', 'pareto-error', 'sweeps', 'tiles', 'kmeans', 'sizes', 'split', 'time', 'claims', 'measured']) {
      await page.locator(`[data-panel="${panel}"]`).first().waitFor({ state: 'attached', timeout: 5000 });
    }
    const before = [await methodTable(page), await headline(page)];
    expect(before[0]).not.toMatch(/…|NaN|undefined/);
    await page.reload();
    await settled(page);
    expect([await methodTable(page), await headline(page)]).toEqual(before);
    expect(errors).toEqual([]);
    await page.context().close();

    const other = await open('webgpu', SMALL);
    const its = watchErrors(other);
    await settled(other);
    expect(await other.getAttribute('[data-lab]', 'data-engine')).toBe('webgpu');
    expect([await methodTable(other), await headline(other)]).toEqual(before); // the engines agree to every digit shown
    expect(its).toEqual([]);
    await other.context().close();
  });

  test('a token picked by pointer or by keys is in the link, and its cluster lights up', async () => {
    const page = await open('reference', SMALL);
    await drawn(page);
    const frames = page.locator('[data-panel="frames"] .frames-box').first();
    await frames.scrollIntoViewIfNeeded();
    const words = page.locator('.token-words');
    expect(await words.innerText()).toContain('Token 20');
    const lit = await picture(page, '[data-panel="frames"] canvas');
    await frames.focus();
    const count = await runs(page);
    await page.keyboard.press('PageDown');
    await drawn(page, count);
    await words.getByText('Token 36', { exact: true }).waitFor();
    expect(page.url()).toContain('token=36');
    // In the strip a click on a tile of tokens picks one as well.
    const tile = page.locator('.strip-tile[data-stage="label_q"]');
    const box = (await tile.boundingBox())!;
    await tile.click({ position: { x: (0.5 / 8) * box.width, y: (0.5 / 8) * box.height } });
    await words.getByText('Token 0', { exact: true }).waitFor();
    expect(page.url()).toContain('token=0');
    expect(await picture(page, '[data-panel="frames"] canvas')).not.toBe(lit);
    await page.context().close();
  });

  test('tokens fly from place to cluster: scrubbed by keys, and at once where motion is not wanted', async () => {
    const page = await open('reference', SMALL, { reducedMotion: 'reduce' });
    await drawn(page);
    const panel = page.locator('[data-panel="flight"]');
    await panel.scrollIntoViewIfNeeded();
    const slider = panel.locator('input[name=flight]');
    const start = await picture(page, FIELD);
    expect(await slider.inputValue()).toBe('0'); // nothing plays by itself
    await panel.getByRole('button', { name: 'Play' }).click();
    await panel.getByRole('button', { name: 'Replay' }).waitFor();
    expect(await slider.inputValue()).toBe('100');
    const end = await picture(page, FIELD);
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await slider.inputValue()).toBe('99');
    await page.keyboard.press('Home');
    expect(await picture(page, FIELD)).toBe(start);
    expect(end).not.toBe(start);
    await panel.getByRole('button', { name: 'Keys' }).click();
    expect(await picture(page, FIELD)).not.toBe(start);
    await page.context().close();
  });

  test('a cell of the density table sets both parameters, and a preset takes their place', async () => {
    const page = await open('reference', SMALL);
    await settled(page);
    const cell = page.locator('[data-panel="density"] tbody tr').last().getByRole('button').first();
    const count = await runs(page);
    await cell.click();
    await drawn(page, count);
    expect(page.url()).toMatch(/topP=/);
    expect(page.url()).toMatch(/keyClusters=/);
    const chip = page.getByRole('button', { name: 'Sharp', exact: true });
    await chip.click();
    await page.waitForFunction(() => document.querySelector('.chip[aria-pressed=true]')?.textContent === 'Sharp');
    expect(page.url()).not.toContain('frames=4');
    await page.context().close();
  });
});

test('the lab: axe finds nothing in either theme, nor at 390 px, and nothing overflows', async () => {
  const page = await open('reference', SMALL, { reducedMotion: 'reduce' });
  await settled(page);
  expect(await axeFinds(page, '1440 px')).toEqual([]);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  expect(await axeFinds(page, '390 px', ['light'])).toEqual([]);
  await page.context().close();
});

test('the lesson fits, wide and narrow; its step has a name of its own in the link', async () => {
  const page = await open('reference', `${SMALL}&view=lesson&lesson=5&step=1`, { reducedMotion: 'reduce' });
  await drawn(page);
  await page.locator('[data-panel="flight"]').waitFor();
  expect(await page.locator('.lesson-count').innerText()).toBe('Step 5 of 7');
  expect(await page.getByRole('spinbutton', { name: /Step/ }).or(page.locator('input[type=range][name=step]')).first().inputValue()).toBe('1');
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  await page.context().close();
});
