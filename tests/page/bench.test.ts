import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { expect, inject, test } from 'vitest';
import { RIVALS } from '../../src/bench/rivals/list';
import type { BenchReport } from '../../src/bench/report';
import { axeFinds, fits, labSite, watchErrors } from './site';

const site = labSite();

/** The two smallest kernels, no library, no targets. */
const SMALL = '#/bench?families=ceilings&rounds=3&targets=0';

const state = (page: Page, ...names: string[]): Promise<unknown> => page.waitForSelector(names.map((name) => `[data-bench][data-state="${name}"]`).join(', '), { timeout: 60_000 });
const kernelNames = (page: Page): Promise<string[]> => page.locator('.kernel-row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.kernel ?? ''));
const run = (page: Page, button = 'Run'): Promise<void> => page.getByRole('button', { name: button, exact: true }).click();

test('WebGPU: rows and roofline come in, are linked, sorted and saved; the results outlive the view; nothing is asked of another host', async () => {
  const page = await site.open('webgpu', SMALL, { reducedMotion: 'reduce' });
  const errors = watchErrors(page);
  const outside: string[] = [];
  page.context().on('request', (request) => { if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(site.url)) outside.push(request.url()); });
  await state(page, 'ready');
  expect(await page.getAttribute('[data-bench]', 'data-engine')).toBe('webgpu');
  expect(await page.locator('.bench-choice fieldset').nth(1).locator('input:checked').count()).toBe(0);
  await run(page);
  await state(page, 'done');
  expect(await kernelNames(page)).toEqual(['copy', 'fma']);
  expect(await page.locator('.kernel-row[data-correct="true"]').count()).toBe(2);
  expect(await page.locator('[data-panel="kernels"]').innerText()).not.toMatch(/NaN|undefined/);

  // Sorted by keyboard, and back to the order of the measurement.
  const head = page.locator('.kernels-table th', { hasText: 'kernel' });
  for (const [way, first] of [['ascending', 'copy'], ['descending', 'fma']] as const) {
    await head.getByRole('button').press('Enter');
    expect([await head.getAttribute('aria-sort'), (await kernelNames(page))[0]]).toEqual([way, first]);
  }

  // A point lights up its row, Enter opens it; a row lights up its point.
  const roofline = page.getByRole('button', { name: /^Roofline: multiply-add .* and copy .* measured, 1 kernel/ });
  await roofline.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('.kernel-looked[data-kernel="fma"]');
  await page.keyboard.press('Enter');
  const name = page.getByRole('button', { name: 'fma', exact: true });
  expect(await name.getAttribute('aria-expanded')).toBe('true');
  expect(await page.locator('.contender').count()).toBeGreaterThan(1);
  expect(await page.locator('.roofline-seen').textContent()).toBe('fma');

  // What is saved is what is shown.
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save JSON' }).click()]);
  const report = JSON.parse(readFileSync(await file.path(), 'utf8')) as BenchReport & { machine: { program: string } };
  expect([report.host, report.device.software, [...new Set(report.rows.map((row) => row.kernel))]]).toEqual(['browser', true, ['copy', 'fma']]);
  expect(report.ceilings.flopsPerSecond).toBeGreaterThan(0);
  expect(report.rows.some((row) => row.kind === 'reference' && row.time)).toBe(true);
  expect(await axeFinds(page, 'results, 1440 px')).toEqual([]);

  // Gone and back: still there.
  const table = await page.locator('.kernels-table').innerText();
  await page.getByRole('link', { name: 'This device' }).click();
  await page.waitForSelector('.device');
  await page.getByRole('link', { name: 'Benchmark' }).click();
  await state(page, 'done');
  expect(await page.locator('.kernels-table').innerText()).toBe(table);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  expect(await axeFinds(page, 'results, 390 px', ['light'])).toEqual([]);
  expect([errors, outside]).toEqual([[], []]);
  await page.context().close();
});

test('without WebGPU the oracles are timed and the page says what is missing; stopping keeps what there is, and the choice is in the link', async () => {
  const page = await site.open('reference', SMALL.replace('ceilings', 'sums'));
  const errors = watchErrors(page);
  await state(page, 'ready');
  expect(await page.getAttribute('[data-bench]', 'data-engine')).toBe('reference');
  expect(await page.locator('.notices').innerText()).toMatch(/WebGPU|adapter/);
  expect(await page.getByLabel('TensorFlow.js').isDisabled()).toBe(true);
  await run(page);
  await page.waitForSelector('.kernel-row');
  await run(page, 'Stop');
  await state(page, 'stopped');
  const kept = await kernelNames(page);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(6);
  expect(await page.locator('.kernel-row').first().innerText()).toMatch(/\d [mµ]s/);
  expect(await page.getByRole('button', { name: 'Save JSON' }).isDisabled()).toBe(true);

  await page.getByLabel('Sums and maxima').uncheck();
  await page.getByLabel('Ceilings').check();
  expect(page.url()).toContain('families=ceilings');
  await run(page);
  await state(page, 'done');
  expect(await kernelNames(page)).toEqual(['copy', 'fma']);
  expect(errors).toEqual([]);
  await page.context().close();
});

test('the page says how large the libraries are, within a fifth; of WebAssembly there is one file, and none is kept ahead of its use', () => {
  const folder = join(inject('page'), 'assets');
  const assets = readdirSync(folder);
  const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
  /** The chunk and all that it loads, but what it has in common with the worker or with another library. */
  const loaded = (file: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(file) || file.startsWith('bench-worker-')) return seen;
    seen.add(file);
    for (const [, next] of text(file).matchAll(/["'`]\.\/([\w.-]+\.js)["'`]/g)) if (assets.includes(next)) loaded(next, seen);
    return seen;
  };
  const wasm = assets.filter((name) => name.endsWith('.wasm'));
  expect(wasm).toHaveLength(1);
  expect(readFileSync(join(inject('page'), 'sw.js'), 'utf8')).not.toContain('.wasm');
  const worker = text(assets.find((name) => name.startsWith('bench-worker-'))!);
  for (const { id, download } of RIVALS.filter((rival) => rival.id !== 'ort')) {
    const [entry] = [...worker.matchAll(/["'`]\.\/([\w.-]+\.js)["'`]/g)].map(([, name]) => name).filter((name) => name.startsWith(`${id}-`));
    const bytes = [...loaded(entry)].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
    expect(Math.abs(download / bytes - 1), `${id}: ${bytes} bytes`).toBeLessThan(0.2);
  }
});
