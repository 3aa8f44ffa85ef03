// Keeps the whole site after the first visit. The build writes the version and the list of files.
const CACHE = `paperkernels-${__VERSION__}`;
const FILES = __FILES__;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('paperkernels-') && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

async function fromNetwork(request) {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

async function answer(request) {
  // Hosts that answer with `Vary: Origin` would else hide a module from the request that asks for it.
  const kept = () => caches.match(request, { ignoreSearch: request.mode === 'navigate', ignoreVary: true });
  // Names under assets/ carry a hash of their content, so what is kept is right for ever.
  if (new URL(request.url).pathname.includes('/assets/')) return (await kept()) ?? fromNetwork(request);
  try {
    return await fromNetwork(request);
  } catch (offline) {
    const found = await kept();
    if (found) return found;
    throw offline;
  }
}

self.addEventListener('fetch', (event) => {
  const { method, url, headers } = event.request;
  // Other hosts (a pasted address) and parts of files are none of its business.
  if (method === 'GET' && !headers.has('range') && new URL(url).origin === self.location.origin) event.respondWith(answer(event.request));
});
