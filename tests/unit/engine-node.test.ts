/** WebGPU in Node: opens, computes what the reference computes, and lets the process end. */

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const script = (body: string): string => `
  const { runnerImport } = await import('vite');
  const load = async (file) => (await runnerImport(process.cwd() + '/' + file, { root: process.cwd(), configFile: false, logLevel: 'error' })).module;
  const { openNodeEngine } = await load('src/engine/node.ts');
  ${body}`;

const node = (body: string, env: Record<string, string> = {}): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', script(body)], { encoding: 'utf8', timeout: 60_000, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] }).trim();

describe('WebGPU in Node', { timeout: 90_000 }, () => {
  test('a product on the adapter, and an end', () => {
    const out = node(`
      const { matmul } = await load('kernels/matmul/matmul.ts');
      const engine = await openNodeEngine('webgpu');
      const { c } = await engine.runOnce(matmul, { a: new Float32Array([1, 2, 3, 4]), b: new Float32Array([5, 6, 7, 8]) }, { M: 2, N: 2, K: 2 });
      const timing = await engine.measure(matmul, { a: new Float32Array(1024), b: new Float32Array(1024) }, { M: 32, N: 32, K: 32 }, { budget: 0.05 });
      console.log(JSON.stringify({ kind: engine.kind, c: [...c], positive: timing.median > 0 }));
      engine.dispose();`);
    expect(JSON.parse(out)).toEqual({ kind: 'webgpu', c: [19, 22, 43, 50], positive: true });
  });

  test('without any adapter: a named error for webgpu, the reference engine for auto', () => {
    const out = node(`
      const error = await openNodeEngine('webgpu').then(() => undefined, (e) => e);
      const auto = await openNodeEngine('auto');
      console.log(JSON.stringify({ code: error?.code, mend: error?.mend, auto: auto.kind }));`, { VK_ICD_FILENAMES: '/nowhere.json' });
    expect(JSON.parse(out)).toEqual({ code: 'no-adapter', mend: expect.stringContaining('--engine reference'), auto: 'reference' });
  });
});
