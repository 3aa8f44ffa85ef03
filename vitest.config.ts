import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './scripts/find-browser.mjs';

/**
 * Three kinds of test. unit: plain Node. browser: modules in a real Chromium with WebGPU (the software adapter
 * where there is no GPU). page: Node drives Playwright on the built page.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', environment: 'node', include: ['tests/unit/**/*.test.{ts,tsx}'], testTimeout: 30_000 } },
      {
        optimizeDeps: { include: ['comlink', 'idb-keyval', '@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu'] },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false, // one GPU process: files side by side would only time out together
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: await findBrowser(),
                args: ['--enable-unsafe-webgpu', '--no-sandbox', '--headless=new'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      { test: { name: 'page', environment: 'node', include: ['tests/page/**/*.test.ts'], globalSetup: ['tests/page/build.ts'], testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 2 } },
    ],
  },
});
