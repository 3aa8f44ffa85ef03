// Makes a fresh checkout ready: checks Node, installs packages when they are missing or stale. Built-ins only.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a command with its output shown; ends the process with its status when it fails. */
export function mustRun(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Paperkernels needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node from https://nodejs.org and run the command again.`);
  process.exit(1);
}

/** Installs from the lock file when node_modules is absent or older than it. */
export function installPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return;
  console.error('Installing packages (npm ci) …');
  mustRun(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

export function setup() {
  checkNode();
  installPackages();
}
