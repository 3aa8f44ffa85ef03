// npm test: sets everything up, a browser included, and runs every check in order, cheapest first.
//   npm test               all of it
//   npm test -- unit       only the named steps
import { spawnSync } from 'node:child_process';
import { root, setup } from './setup.mjs';

setup();
const { ensureBrowser } = await import('./find-browser.mjs');

const bin = (script) => `node_modules/${script}`;
const steps = {
  lint: [bin('oxlint/bin/oxlint'), '--deny-warnings'],
  types: [bin('typescript/bin/tsc'), '-p', '.'],
  layers: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'kernels', 'seeds', 'src'],
  unit: [bin('vitest/vitest.mjs'), 'run', '--project', 'unit', '--maxWorkers', '2'], // its default leaves one of two cores idle
  browser: [bin('vitest/vitest.mjs'), 'run', '--project', 'browser'],
  build: [bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  budgets: ['scripts/budgets.mjs'],
  page: [bin('vitest/vitest.mjs'), 'run', '--project', 'page'],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length) {
  console.error(`There is no step ${unknown.join(', ')}; the steps are ${Object.keys(steps).join(', ')}.`);
  process.exit(2);
}

const env = { ...process.env };
try {
  env.CHROMIUM = await ensureBrowser();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const took = [];
for (const [name, args] of Object.entries(steps)) {
  if (wanted.length && !wanted.includes(name)) continue;
  console.log(`\n── ${name}`);
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  took.push(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (status !== 0) {
    console.error(`\nThe step "${name}" failed. Run it alone with: npm test -- ${name}`);
    process.exit(1);
  }
}
console.log(`\nAll steps passed: ${took.join(', ')}.`);
