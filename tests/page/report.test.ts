import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Browser, Download, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/inputs/safetensors';
import { axeFinds, fits, openSite, watchErrors, type Site } from './site';

let site: Site;
let browser: Browser;
beforeAll(async () => {
  site = await openSite();
  browser = await site.browser('reference');
});
afterAll(() => site?.close());

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Bell-shaped weights; every 97th is `loud` times as large. */
function weights(count: number, seed: number, loud = 1): Float32Array {
  let state = seed;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
  return Float32Array.from({ length: count }, (_, i) => 0.05 * (uniform() + uniform() + uniform()) * (i % 97 === 5 ? loud : 1));
}

const upload = (name: string, tensors: Parameters<typeof writeSafetensors>[0]): Upload => ({ name, mimeType: '', buffer: Buffer.from(writeSafetensors(tensors)) });
const f32 = (name: string, shape: readonly number[], data: Float32Array) => ({ name, dtype: 'F32', shape, data }) as const;

const LOUD = 'model.layers.1.mlp.up_proj.weight';
const SMALL = upload('small.safetensors', [
  f32('model.layers.0.self_attn.q_proj.weight', [24, 64], weights(24 * 64, 1)),
  f32('model.layers.0.mlp.up_proj.weight', [40, 64], weights(40 * 64, 2)),
  f32(LOUD, [40, 64], weights(40 * 64, 3, 60)),
  f32('model.norm.weight', [64], weights(64, 4)),
]);
const MANY = upload('many.safetensors', Array.from({ length: 150 }, (_, i) => f32(`model.layers.${i}.mlp.down_proj.weight`, [32, 64], weights(32 * 64, i + 1, i % 5 ? 1 : 30))));

async function open(query = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${site.url}#/model${query}`);
  await page.waitForSelector('.start');
  return page;
}
const give = (page: Page, ...files: Upload[]): Promise<void> => page.locator('input[type=file]').first().setInputFiles(files);
const state = (page: Page, name: string): Promise<unknown> => page.waitForSelector(`[data-report][data-state="${name}"]`, { timeout: 60_000 });
const names = (page: Page): Promise<string[]> => page.locator('tr[data-tensor]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.tensor ?? ''));
const cell = (page: Page, tensor: string, head: string): Promise<string> =>
  page.evaluate(([name, title]) => {
    const at = [...document.querySelectorAll('.tensors thead th')].findIndex((th) => th.getAttribute('title') === title);
    return document.querySelector(`tr[data-tensor="${name}"]`)?.children[at]?.textContent?.trim() ?? '';
  }, [tensor, head] as const);

async function saved(page: Page, button: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download') as Promise<Download>, page.getByRole('button', { name: button, exact: true }).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('drop, report, sort, filter, export, read back, open in a lab', async () => {
  const page = await open();
  const errors = watchErrors(page);
  await give(page, SMALL);
  await state(page, 'done');

  // Worst first, what is no matrix last and with its reason.
  const before = await names(page);
  expect(before[0]).toBe(LOUD);
  expect(before.at(-1)).toBe('model.norm.weight');
  expect(await page.locator('tr[data-tensor="model.norm.weight"]').innerText()).toContain('[64]');
  const head = page.locator('.tensors thead th').first();
  await head.getByRole('button').click();
  expect(await head.getAttribute('aria-sort')).toBe('ascending');
  expect((await names(page)).slice(0, 3)).toEqual(before.slice(0, 3).toSorted());
  await page.getByLabel('Find').fill('q_proj f32');
  expect(await names(page)).toEqual(['model.layers.0.self_attn.q_proj.weight']);
  await page.getByLabel('Find').fill('');

  // The exports say the numbers of the table.
  const json = JSON.parse((await saved(page, 'JSON')).bytes.toString()) as { tensors: { tensor: string; methods?: { id: string; relativeError: number; bitsPerWeight: number }[] }[] };
  const nf4 = json.tensors.find(({ tensor }) => tensor === LOUD)!.methods!.find(({ id }) => id === 'nf4')!;
  expect(await cell(page, LOUD, 'Error of NF4')).toContain((100 * nf4.relativeError).toFixed(2));
  const csv = (await saved(page, 'CSV')).bytes.toString();
  expect(csv).toContain('# file: small.safetensors');
  expect(csv).toContain(String(nf4.relativeError));

  // What is written is what was measured, by the mix and by one method for all.
  for (const plan of ['mix', 'dense-and-sparse 3']) {
    await page.getByLabel('Stored as').selectOption(plan);
    const { name, bytes } = await saved(page, 'Save .safetensors');
    expect(bytes.length).toBeLessThan(SMALL.buffer.length);
    await give(page, { name, mimeType: '', buffer: bytes });
    const verdict = page.locator(`[data-panel="read-back"]:has-text("${name}") [data-verdict]:not([data-verdict="reading"])`);
    await verdict.waitFor();
    expect(await verdict.getAttribute('data-verdict')).toBe('same');
    expect(await page.locator('[data-panel="read-back"] tbody tr').count()).toBe(3);
  }
  expect(await page.locator('.report-model h2').innerText()).toBe('small.safetensors');

  // The lab finds the file, which is still open, and has the same error for the same format.
  await page.locator(`tr[data-tensor="${LOUD}"] .tensor-name`).press('Enter');
  await page.getByRole('link', { name: /SVDQuant/ }).waitFor();
  await page.getByRole('link', { name: /SqueezeLLM/ }).click();
  await page.waitForSelector('[data-lab="squeezellm"] [data-method="nf4"]:has-text("%")', { timeout: 60_000 });
  expect(await page.locator('.notices .notice-degraded', { hasText: 'small.safetensors' }).count()).toBe(0);
  expect(await page.locator('[data-method="nf4"]').innerText()).toContain(`${(100 * nf4.relativeError).toFixed(2)} %`);
  // And back: the report is still there.
  await page.goBack();
  await page.waitForSelector('[data-report="small.safetensors"][data-state="done"]');
  expect(errors).toEqual([]);
  await page.context().close();
});

/** Presses a button from within the page as soon as the progress line is not `before`: small tensors would be done by the time a click came from outside. */
const pressWhenMoved = (page: Page, button: string, before: string): Promise<unknown> =>
  page.waitForFunction(([name, text]) => {
    const plain = (s: string | null | undefined): string => (s ?? '').replaceAll(/\s/g, '');
    const now = plain(document.querySelector('.progress-head')?.textContent);
    const wanted = [...document.querySelectorAll('button')].find((b) => b.textContent?.startsWith(name));
    if (!document.querySelector('tr[data-measured]') || now === '' || now === plain(text) || !wanted) return false;
    wanted.click();
    return true;
  }, [button, before] as const);

test('pause, resume, cancel and continue keep what is measured; a long table holds its rows in view only', async () => {
  const page = await open('?v=1&methods=rtn,kmeans,svdquant&widths=none&budget=4.5');
  await give(page, MANY);
  await pressWhenMoved(page, 'Pause', '');
  await state(page, 'paused');
  expect(await page.locator('.tensors').getAttribute('aria-rowcount')).toBe('151');
  expect(await page.locator('tr[data-tensor]').count()).toBeLessThan(80);
  await page.waitForTimeout(500); // the tensor under way may still end
  const paused = await page.locator('.progress-head').innerText();
  await page.waitForTimeout(700);
  expect(await page.locator('.progress-head').innerText()).toBe(paused);
  await page.getByRole('button', { name: 'Resume' }).click();
  await pressWhenMoved(page, 'Cancel', paused.replace(', paused', ''));
  await state(page, 'cancelled');
  const kept = Number(/(\d+) of 150 matrices kept/.exec(await page.locator('.progress-head').innerText())?.[1]);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(150);
  await page.getByRole('button', { name: 'Continue' }).click();
  await state(page, 'done');
  const box = page.locator('.tensors-box');
  await box.locator('.tensor-name').first().focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') === '151');
  await page.context().close();
});

test('a file that cannot be read is a sentence, and the page goes on', async () => {
  const page = await open();
  const bad: readonly Upload[] = [
    { name: 'broken.safetensors', mimeType: '', buffer: Buffer.from([255, 255, 255, 255, 255, 0, 0, 0, 123]) },
    { name: 'empty.npy', mimeType: '', buffer: Buffer.alloc(0) },
    { name: 'weights.zip', mimeType: '', buffer: Buffer.from('PK\u0003\u0004 and more that follows') },
    { name: 'short.gguf', mimeType: '', buffer: Buffer.from('GGUF\u0003\u0000\u0000\u0000') },
    { name: 'cut.safetensors', mimeType: '', buffer: SMALL.buffer.subarray(0, SMALL.buffer.length - 100) },
  ];
  for (const file of bad) {
    await give(page, file);
    const notice = page.locator('.notice-failed', { hasText: file.name });
    await notice.waitFor();
    expect((await notice.locator('p').first().innerText()).trim()).toMatch(/\.$/);
    await notice.getByRole('button', { name: 'Dismiss' }).click();
  }
  await state(page, 'empty');
  await give(page, SMALL);
  await state(page, 'done');
  await give(page, bad[0]);
  await page.locator('.notice-failed', { hasText: 'broken.safetensors' }).waitFor();
  await state(page, 'done');
  expect(await names(page)).toHaveLength(4);
  await page.context().close();
});

describe('a pasted address', () => {
  let server: Server;
  let origin = '';
  let asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const cors: Record<string, string> = request.url?.startsWith('/closed/') ? {} : { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-expose-headers': '*' };
      const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
      if (request.method === 'OPTIONS') response.writeHead(204, cors).end();
      else if (!range) response.writeHead(200, cors).end(SMALL.buffer);
      else {
        const [from, to] = [Number(range[1]), Math.min(Number(range[2]), SMALL.buffer.length - 1)];
        response.writeHead(206, { ...cors, 'content-range': `bytes ${from}-${to}/${SMALL.buffer.length}` }).end(SMALL.buffer.subarray(from, to + 1));
      }
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const address = server.address();
    origin = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const paste = async (page: Page, address: string): Promise<void> => {
    await page.getByLabel('or paste an address').fill(address);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
  };
  const connected = (page: Page): Promise<string | null> => page.locator('.connection').getAttribute('data-connected');

  test('is read by the remote document only, which is there only then; page and workers may connect nowhere', async () => {
    const page = await open();
    asked = [];
    const refused = (where: { evaluate: Page['evaluate'] }): Promise<boolean> => where.evaluate((url) => fetch(url).then(() => false, () => true), `${origin}/open/secret`);
    await paste(page, `${origin}/closed/small.safetensors`);
    await page.locator('.notice-failed', { hasText: 'CORS' }).waitFor();
    expect(await connected(page)).toBe('nothing');
    expect(page.frames()).toHaveLength(1);

    await paste(page, `${origin}/open/small.safetensors`);
    await state(page, 'ready');
    expect(await connected(page)).toBe(new URL(origin).host);
    expect(page.frames()).toHaveLength(2);
    await page.getByRole('button', { name: 'Measure', exact: true }).click();
    await state(page, 'done');
    expect((await names(page))[0]).toBe(LOUD);
    expect(page.workers().length).toBeGreaterThanOrEqual(2);
    expect(await refused(page)).toBe(true);
    for (const worker of page.workers()) expect(await refused(worker as unknown as Page)).toBe(true);
    expect(asked.filter((url) => url.includes('secret'))).toEqual([]);

    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await state(page, 'empty');
    expect(await connected(page)).toBe('nothing');
    expect(page.frames()).toHaveLength(1);
    await page.context().close();
  });

  test('of no allowed scheme is refused without a connection', async () => {
    const page = await open();
    asked = [];
    for (const address of ['http://example.com/model.safetensors', 'nowhere', 'file:///etc/passwd']) {
      // The field is of the type url: the browser itself holds back what is no address.
      await page.getByLabel('or paste an address').evaluate((input) => { (input as HTMLInputElement).form!.noValidate = true; });
      await paste(page, address);
      await page.locator('.notice-failed').waitFor();
      expect(await connected(page)).toBe('nothing');
      await page.getByRole('button', { name: 'Dismiss' }).click();
    }
    expect(asked).toEqual([]);
    await page.context().close();
  });
});

test('axe finds nothing in either theme, and nothing overflows at 390 px', async () => {
  const page = await open();
  expect(await axeFinds(page, 'start')).toEqual([]);
  await give(page, SMALL);
  await state(page, 'done');
  await page.locator('.tensor-name').first().click();
  await page.locator('.report-controls > summary').click();
  expect(await axeFinds(page, 'report')).toEqual([]);
  expect(await fits(page)).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fits(page)).toBe(true);
  expect(await axeFinds(page, 'report on a phone', ['light'])).toEqual([]);
  await page.context().close();
});

const silero = join(process.env.PAPERKERNELS_REAL ?? '', 'silero_vad_16k.safetensors');
test.skipIf(!existsSync(silero))('Silero VAD (in the folder PAPERKERNELS_REAL): conv4.weight is the hardest to round, and dense-and-sparse mends most of it', async () => {
  const page = await open();
  await give(page, { name: 'silero_vad_16k.safetensors', mimeType: '', buffer: readFileSync(silero) });
  await page.waitForSelector('[data-report][data-state="done"]', { timeout: 110_000 });
  expect((await names(page))[0]).toBe('conv4.weight');
  const error = async (head: string): Promise<number> => Number.parseFloat(await cell(page, 'conv4.weight', head));
  expect(await error('Error of Dense-and-sparse')).toBeLessThan(0.5 * await error('Error of Round to nearest'));
  await page.context().close();
});
