// SPDX-License-Identifier: MIT
// The kiosk without a network: its page and all files that the page needs, of one and the same build,
// are kept here and given from here. Data never goes through here.
const ASSETS = '@assets@';
const CACHE = `kiosk ${ASSETS}`;
const PAGE = '/kiosk';
const FOLDERS = /^(base|pass|kiosk)\/|^texts\/(base|kiosk|words)\.json$|^vendor\/jsqr\.js$/;

async function install() {
  const files = await (await fetch(`${ASSETS}/base/files.json`, { cache: 'no-cache' })).json();
  const cache = await caches.open(CACHE);
  const wanted = files.filter((file) => FOLDERS.test(file)).map((file) => `${ASSETS}/${file}`);
  await cache.addAll([...wanted, new Request(PAGE, { cache: 'reload' })]);
}

async function activate() {
  for (const name of await caches.keys())
    if (name.startsWith('kiosk ') && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function answer(request) {
  const isPage = request.mode === 'navigate';
  const kept = await caches.match(isPage ? PAGE : request, { ignoreSearch: isPage });
  return kept ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET') return;
  if (pathname.startsWith('/assets/') || (event.request.mode === 'navigate' && pathname === PAGE))
    event.respondWith(answer(event.request));
});
