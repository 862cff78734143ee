// SPDX-License-Identifier: MIT
// Keeps the page itself for where there is no signal; what it shows is kept by the page (driver.js). The
// same page serves every link, so it is kept under one name and no token is.

const ASSETS = '@assets@';
const CACHE = `driver ${ASSETS}`;
const PAGE = '/d/page';
const WAIT_MS = 4000;
const FOLDERS = /^(driver|base)\/.*\.(js|css|svg)$|^texts\/(base|words|driver)\.json$/;

async function fill() {
  const cache = await caches.open(CACHE);
  const names = await (await fetch(`${ASSETS}/base/files.json`)).json();

  await cache.addAll(names.filter((name) => FOLDERS.test(name)).map((name) => `${ASSETS}/${name}`));
  await cache.put(PAGE, await fetch(PAGE));
}

async function sweep() {
  const names = await caches.keys();

  await Promise.all(names.filter((name) => name.startsWith('driver ') && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// A new page when it comes in time, else the one that is kept.
async function page(request) {
  const kept = await caches.match(PAGE);
  const late = new Promise((resolve) => { setTimeout(resolve, WAIT_MS, kept); });

  try {
    return await Promise.race([fetch(request), ...(kept ? [late] : [])]);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('install', (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(sweep()));
self.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url);

  if (event.request.method !== 'GET' || address.origin !== location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (address.pathname.startsWith('/assets/')) event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
});
