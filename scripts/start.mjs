// npm start: sets up, builds, serves the built page, and opens it. The port taken: the next one, and it says so.
import { spawn } from 'node:child_process';
import { root, setup } from './setup.mjs';

const WANTED_PORT = 4173;

setup();
const { build, preview } = await import('vite');
process.chdir(root);
await build({ root, logLevel: 'warn' });
const server = await preview({ root, preview: { port: WANTED_PORT, strictPort: false, host: 'localhost' } });
const { port } = server.httpServer.address();
const url = `http://localhost:${port}/`;
if (port !== WANTED_PORT) console.log(`Port ${WANTED_PORT} is taken, so this is the next free one.`);
console.log(`Paperkernels is at ${url} (Ctrl+C ends it).`);

const opener = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
const quiet = process.argv.includes('--no-open') || process.env.CI || (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY);
if (!quiet) spawn(opener[0], [...opener.slice(1), url], { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
