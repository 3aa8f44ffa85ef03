import { describe, expect, test } from 'vitest';
import { writeNpy } from '../../src/inputs/npy';
import { axeFinds, drawn, fits, headline, labSite, methodTable, runs, settled, watchErrors } from './site';

const site = labSite();
const { open } = site;

/** Quick runs: one small matrix, and the trained network with few samples. */
const MATRIX = '#/squeezellm?v=1&source=matrix&in=48&out=32&tokens=32';
const NETWORK = '#/squeezellm?v=1&calibration=60&evaluation=120';

describe('the SqueezeLLM lab', () => {
  test('WebGPU: every tile, panel and method without an error in the console; the link gives the same numbers again', async () => {
    const page = await open('webgpu', MATRIX);
    const errors = watchErrors(page);
    await settled(page);
    expect(await page.getAttribute('[data-lab]', 'data-engine')).toBe('webgpu');
    expect(await page.locator('.strip-tile').count()).toBe(10);
    expect(await page.locator('[data-panel="methods"] tbody tr').count()).toBe(8);
    for (const panel of ['split', 'pareto', 'levels', 'sweeps', 'batch', 'work', 'traffic', 'time', 'claims', 'says', 'measured']) {
      await page.locator(`[data-panel="${panel}"]`).first().waitFor({ state: 'attached', timeout: 5000 });
    }
    const before = [await methodTable(page), await headline(page)];
    await page.reload();
    await settled(page);
    expect([await methodTable(page), await headline(page)]).toEqual(before);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('the trained network on the reference engine: the loss leads, a preset changes it, and a pinned run is compared by it', async () => {
    const page = await open('reference', NETWORK);
    const errors = watchErrors(page);
    await drawn(page);
    expect(await headline(page)).toMatch(/Loss added to the 16-bit network/);
    const [before, count] = [await headline(page), await runs(page)];
    await page.getByRole('button', { name: 'Pin run' }).click();
    const chip = page.getByRole('button', { name: '4 bits', exact: true });
    await chip.click();
    await drawn(page, count);
    expect(page.url()).toContain('bits=4');
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    expect(await headline(page)).not.toBe(before);
    const pinned = page.locator('[data-panel="pinned"]');
    for (const [measure, name] of [['loss', 'Loss'], ['weightedError', 'Weighted error'], ['relativeError', 'Error']]) {
      await pinned.locator(`[data-measure="${measure}"]`).getByText(`${name}, Dense and sparse`, { exact: true }).waitFor({ timeout: 5000 });
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a cell picked in a tile chooses the output of the row view; its slider and its button choose another', async () => {
    const page = await open('reference', MATRIX);
    await settled(page);
    const row = page.locator('[data-panel="levels"]');
    const titled = (n: number) => row.getByRole('heading').getByText(`Levels of output ${n}`, { exact: true });
    const tile = page.locator('.strip-tile[data-stage="w"]');
    const box = (await tile.boundingBox())!;
    await tile.click({ position: { x: (5.5 / 32) * box.width, y: box.height / 2 } });
    await titled(5).waitFor();
    expect(await page.locator('[data-kind="rowline"]').innerText()).toContain('5');
    await row.locator('input[name="output"]').focus();
    await page.keyboard.press('ArrowRight');
    await titled(6).waitFor();
    await row.getByRole('button', { name: 'costliest to round' }).click();
    await titled(6).waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('a file stands in for W: no loss is claimed, and the weighted error leads', async () => {
    const page = await open('reference', NETWORK);
    await drawn(page);
    const count = await runs(page);
    const data = Float32Array.from({ length: 24 * 40 }, (_, i) => Math.sin(i * 12.9898) ** 3 * 0.05);
    await page.setInputFiles('input[type=file]', { name: 'layer.npy', mimeType: '', buffer: Buffer.from(writeNpy('<f4', [24, 40], data)) });
    await page.getByRole('button', { name: 'Use it' }).click();
    await drawn(page, count);
    await settled(page);
    expect(await headline(page)).toMatch(/Weighted error/);
    expect(await methodTable(page)).not.toMatch(/nats|…|NaN/);
    await page.context().close();
  });
});

test('the lab: axe finds nothing in either theme, nor at 390 px, and nothing overflows', async () => {
  const page = await open('reference', MATRIX, { reducedMotion: 'reduce' });
  await settled(page);
  expect(await axeFinds(page, '1440 px')).toEqual([]);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  expect(await axeFinds(page, '390 px', ['light'])).toEqual([]);
  await page.context().close();
});

// Its panels are the lab's, and its bar is SVDQuant's, whose colours are looked at there.
test('the lesson: axe finds nothing, and nothing overflows', async () => {
  const page = await open('reference', `${MATRIX}&view=lesson&step=3`, { reducedMotion: 'reduce' });
  await drawn(page);
  expect(await axeFinds(page, 'lesson', ['light'])).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  await page.context().close();
});
