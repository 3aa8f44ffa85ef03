/** "Your video": frames of a file, of a part of it, of a camera; what is said where there are none. */

import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeNpy } from '../../src/inputs/npy';
import { drawn, fits, openSite, runs, watchErrors, type Site } from './site';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await openSite();
  browser = await site.browser('reference', ['--use-fake-device-for-media-stream']);
});
afterAll(() => site?.close());

const SMALL = '#/svg?v=1&frames=4&grid=4&dim=16';

async function open(route: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(site.url + route);
  return page;
}
const panel = (page: Page) => page.getByRole('region', { name: 'Your video' });
const give = (page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> => panel(page).locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
const said = (page: Page, words: string) => page.locator('.notice').filter({ hasText: words });

/** A second or more of video that grows from dark to light while a square crosses it, recorded in an empty page. */
async function recording(): Promise<Buffer> {
  const page = await browser.newPage();
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [96, 64];
    const context = canvas.getContext('2d')!;
    const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    const over = new Promise((resolve) => { recorder.addEventListener('stop', resolve); });
    recorder.start();
    for (let i = 0; i <= 30; i++) {
      const grey = 30 + 6 * i;
      context.fillStyle = `rgb(${grey},${grey},${grey})`;
      context.fillRect(0, 0, 96, 64);
      context.fillStyle = 'red';
      context.fillRect(20 + i, 24, 16, 16);
      await new Promise((resolve) => { setTimeout(resolve, 35); });
    }
    recorder.stop();
    await over;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await page.close();
  return Buffer.from(bytes);
}

/** Lightness in a corner of each frame of the contact sheet. */
const corners = (page: Page): Promise<number[]> => page.locator('.contact-sheet').evaluate((canvas: HTMLCanvasElement) => {
  const context = canvas.getContext('2d')!;
  return Array.from({ length: 32 }, (_, i) => context.getImageData((i % 8) * 64 + 3, Math.floor(i / 8) * 64 + 3, 1, 1).data[0]);
});
const rises = (values: readonly number[]): boolean => values.every((v, i) => i === 0 || v >= values[i - 1] - 6);

test('a video file: its frames in order, a part of it in the link, and after a reload the same part of the same file', async () => {
  const video = await recording();
  const page = await open(SMALL);
  const errors = watchErrors(page);
  await drawn(page);
  const before = await runs(page);
  await give(page, 'moving.webm', 'video/webm', video);
  await drawn(page, before);
  expect(page.url()).toContain('video=moving.webm');
  const whole = await corners(page);
  expect(rises(whole)).toBe(true);
  expect(whole[31] - whole[0]).toBeGreaterThan(120);
  // Half of it.
  await panel(page).getByRole('spinbutton', { name: 'From' }).fill('0.2');
  await panel(page).getByRole('spinbutton', { name: 'to' }).fill('0.7');
  await page.keyboard.press('Enter');
  await page.waitForURL(/moving\.webm%23t%3D0\.2,0\.7/);
  await panel(page).getByText('0.2 to 0.7 s, 32 frames').waitFor();
  const part = await corners(page);
  expect(rises(part)).toBe(true);
  expect(part[31]).toBeLessThan(whole[31]);
  expect((await new AxeBuilder({ page }).include('.files').analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  // A link does not carry files.
  await page.reload();
  await said(page, 'This link uses moving.webm, 0.2 to 0.7 s, as its video').waitFor();
  await give(page, 'moving.webm', 'video/webm', video);
  await drawn(page);
  expect(await corners(page)).toEqual(part);
  expect(await said(page, 'This link uses').count()).toBe(0);
  expect(errors).toEqual([]);
  await page.context().close();
});

test('what is no video gives a sentence, and the page goes on; a .npy of frames is one', async () => {
  const page = await open(SMALL);
  await drawn(page);
  const url = page.url();
  const alert = panel(page).getByRole('alert');
  await give(page, 'notes.txt', 'text/plain', Buffer.from('no pictures here'));
  await alert.filter({ hasText: 'notes.txt is not a video.' }).waitFor();
  await give(page, 'broken.mp4', 'video/mp4', Buffer.alloc(4096, 7));
  await alert.filter({ hasText: 'broken.mp4 cannot be decoded by this browser' }).waitFor();
  const pixels = Uint8Array.from({ length: 5 * 16 * 16 * 3 }, (_, i) => (i * 37) % 251);
  await give(page, 'wide.npy', '', Buffer.from(writeNpy('|u1', [5, 8, 32, 3], pixels)));
  await alert.filter({ hasText: 'wide.npy, read as [5, 768] has the shape [5, 8, 32, 3]' }).waitFor();
  expect(page.url()).toBe(url);
  const before = await runs(page);
  await give(page, 'clip.npy', '', Buffer.from(writeNpy('|u1', [5, 16, 16, 3], pixels)));
  await drawn(page, before);
  expect(page.url()).toMatch(/video=clip\.npy$/);
  expect(await alert.count()).toBe(0);
  await panel(page).getByRole('button', { name: 'remove' }).click();
  await drawn(page, before + 1);
  expect(page.url()).toBe(url);
  await page.context().close();
});

// Side by side: most of it is waiting for a clock.
describe.concurrent('the webcam', () => {
  /** Every stream that the page was given. */
  const STREAMS = `
    window.streams = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => { const stream = await ask(wish); window.streams.push(stream); return stream; };
  `;
  const cameras = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { streams: MediaStream[] }).streams.filter((stream) => stream.active).length);

  test('asks, counts down, records and closes the camera; a link asks to record again, and one can cancel or go on without', async ({ expect }) => {
    const page = await open(SMALL);
    await page.context().grantPermissions(['camera']);
    await page.evaluate(STREAMS);
    await drawn(page);
    const before = await runs(page);
    await panel(page).getByRole('button', { name: 'Webcam' }).press('Enter');
    await panel(page).locator('.camera-count').waitFor();
    expect(await cameras(page)).toBe(1);
    expect((await new AxeBuilder({ page }).include('.files').analyze()).violations.map(({ id }) => id)).toEqual([]);
    await panel(page).getByText('Your recording').waitFor({ timeout: 15_000 });
    expect(await cameras(page)).toBe(0);
    await drawn(page, before);
    expect(page.url()).toMatch(/video=webcam$/);
    expect(await panel(page).getByRole('button', { name: 'Record again' }).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.addInitScript(STREAMS);
    await page.reload();
    await said(page, 'a recording from a webcam').getByRole('button', { name: 'Record again' }).click();
    await panel(page).locator('.camera-count').waitFor();
    await panel(page).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => cameras(page)).toBe(0);
    await page.getByRole('button', { name: 'Go on without' }).click();
    await drawn(page);
    expect(page.url()).not.toContain('webcam');
    await page.context().close();
  });

  test('a refused camera is a sentence, and the page goes on', async ({ expect }) => {
    const page = await open(SMALL);
    await drawn(page);
    await panel(page).getByRole('button', { name: 'Webcam' }).click();
    await panel(page).getByRole('alert').filter({ hasText: 'The camera was refused.' }).waitFor();
    await panel(page).getByRole('button', { name: 'Dismiss' }).click();
    expect(await panel(page).getByRole('alert').count()).toBe(0);
    expect(await page.getAttribute('[data-lab]', 'data-state')).not.toBe('error');
    await page.context().close();
  });
});
