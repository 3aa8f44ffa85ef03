/**
 * Workers under the page's own content security policy. A worker loaded from an address takes the policy that comes with
 * its file, and a static host sends none; a worker from a blob inherits the page's. So each starts as a blob that
 * imports the real script: what the page may not connect to, its workers may not either.
 */

const blobs = new Map<string, string>();

/** @param script address of a module, as `import address from './x.ts?worker&url'` gives it */
export function startWorker(script: string, name: string): Worker {
  const address = new URL(script, location.href).href;
  let blob = blobs.get(address);
  if (!blob) {
    blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' }));
    blobs.set(address, blob);
  }
  return new Worker(blob, { type: 'module', name });
}
