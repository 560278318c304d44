/**
 * The page without a network: all its files are fetched once, together, and kept under the version
 * that `version.js` names by their hashes. Another version is another file, so that the browser
 * notices; it is fetched beside the old one, and takes over when the page asks for it.
 *
 * A script and no module, since not every browser has modules here.
 */

/** @typedef {{ version: string, files: readonly string[] }} Release */

const scope = /** @type {ServiceWorkerGlobalScope & { release?: Release }} */ (
  /** @type {unknown} */ (self)
);

importScripts('./version.js');

const { version, files } = scope.release ?? { version: 'none', files: [] };
const prefix = 'web-tagger ';
const cacheName = prefix + version;

scope.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(settle());
});

scope.addEventListener('message', ({ data }) => {
  if (data === 'take over') void scope.skipWaiting();
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOwn = new URL(request.url).origin === scope.location.origin;
  if (isOwn && request.method === 'GET') event.respondWith(answer(request));
});

async function fill() {
  const cache = await caches.open(cacheName);
  // From the server itself: what a cache holds might be of another version.
  await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })));
}

async function settle() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/**
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function answer(request) {
  const cache = await caches.open(cacheName);
  const found = await cache.match(request, { ignoreSearch: true });
  return found ?? fetch(request);
}
