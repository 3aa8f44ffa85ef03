// Runs src/<folder>/<name>.ts in Node through Vite, so that a terminal runs the very modules the page runs.
//   node scripts/run.mjs cli/lab svdquant --rank 16
import { join } from 'node:path';
import { root, setup } from './setup.mjs';

setup();
const [entry, ...argv] = process.argv.slice(2);
const { runnerImport } = await import('vite');
const { module } = await runnerImport(join(root, 'src', `${entry}.ts`), { root, configFile: false, logLevel: 'error' });
process.exitCode = await module.main(argv);
