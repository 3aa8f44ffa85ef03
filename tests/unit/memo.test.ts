/** The memory of a lab is bounded: in results of a stage, and in bytes. */

import { expect, test } from 'vitest';
import { Memo } from '../../src/run/memo';

const floats = (bytes: number): Float32Array => new Float32Array(bytes / 4);

test('the least recently used goes first, the newest stays however large', async () => {
  const memo = new Memo(6, 1000);
  let made = 0;
  const get = (key: string, bytes: number): Promise<unknown> => memo.get('stage', [key], () => { made++; return { deep: [{ x: floats(bytes) }] }; });
  await get('a', 400);
  await get('b', 400);
  expect(memo.bytes).toBe(800);
  await get('a', 400);
  await get('c', 400); // b was used longest ago
  expect(memo.bytes).toBe(800);
  await get('a', 400);
  expect(made).toBe(3);
  await get('b', 400);
  expect(made).toBe(4);
  await get('large', 4000);
  expect(memo.bytes).toBe(4000);
  await get('large', 4000);
  expect(made).toBe(5);
});

test('a buffer counts once in a result; a map that grows is counted again; memories inside count', async () => {
  const memo = new Memo(6, 10_000);
  const data = floats(800);
  await memo.get('views', [], () => ({ all: data, part: data.subarray(3), again: [data], rows: new Map([['x', data]]) }));
  expect(memo.bytes).toBe(800);
  const points = await memo.get('points', [], () => new Map<number, Float32Array>());
  points.set(1, floats(400));
  expect(memo.bytes).toBe(800);
  await memo.get('points', [], () => new Map());
  expect(memo.bytes).toBe(1200);
  const inner = await memo.get('inner', [], () => new Memo());
  await inner.get('x', [], () => floats(100));
  await memo.get('inner', [], () => new Memo());
  expect(memo.bytes).toBe(1300);
});

test('a thousand results of many stages stay within the room; a failure leaves nothing', async () => {
  const memo = new Memo(6, 64_000);
  for (let i = 0; i < 1000; i++) {
    await memo.get(`stage ${i % 10}`, [i], () => floats(4 * (1 + (i % 700))));
    expect(memo.bytes).toBeLessThanOrEqual(64_000);
  }
  const before = memo.bytes;
  await expect(memo.get('fails', [], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(memo.bytes).toBe(before);
});
