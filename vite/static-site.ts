/** What a build adds for a plain static host: a content security policy and a service worker for use without a network. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'", // the benchmark's rival ONNX Runtime Web is WebAssembly
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self' data:",
  "connect-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
].join('; ');

/**
 * The hidden document that reads a pasted address: nothing but its own script and connections to what an address may
 * name. It exists only while such a file is open.
 */
const REMOTE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  'connect-src https: http://localhost:* http://127.0.0.1:*',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Larger chunks (the cross-check library) are kept once they have been asked for. */
const PRECACHE_LIMIT = 700_000;

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The page itself is imported by its first script; these links fetch the two side by side. */
function early(bundle: Readonly<Record<string, Rolldown.OutputAsset | Rolldown.OutputChunk>>, path: string): HtmlTagDescriptor[] {
  if (!path.endsWith('/index.html')) return [];
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (wanted.has(name) || chunk?.type !== 'chunk' || chunk.isEntry) return;
    wanted.add(name);
    chunk.imports.forEach(add);
  };
  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith('/src/app/main.tsx')) add(chunk.fileName);
  return [...wanted].map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` }, injectTo: 'head' }));
}

export function staticSite(): Plugin {
  let publicDir = '';
  return {
    name: 'static-site',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    transformIndexHtml: (_, { path, bundle = {} }) => [...early(bundle, path), { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: path.endsWith('/remote.html') ? REMOTE_POLICY : POLICY }, injectTo: 'head-prepend' }],
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const list = ['./'];
        const hash = createHash('sha256');
        const add = (name: string, content: string | Uint8Array): void => {
          hash.update(name).update(content);
          if (content.length <= PRECACHE_LIMIT && !name.endsWith('.map') && !name.startsWith('.vite/')) list.push(name);
        };
        for (const file of Object.values(bundle)) add(file.fileName, file.type === 'chunk' ? file.code : file.source);
        for (const path of filesBelow(publicDir)) add(relative(publicDir, path).replaceAll('\\', '/'), readFileSync(path));
        const source = readFileSync(join(import.meta.dirname, 'service-worker.js'), 'utf8')
          .replace('__VERSION__', JSON.stringify(hash.digest('hex').slice(0, 16)))
          .replace('__FILES__', JSON.stringify([...new Set(list)].sort()));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source });
      },
    },
  };
}
