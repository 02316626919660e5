// Keeps Wardbook itself on the phone: every capture page, the outbox and a page that says honestly that the rest needs a
// connection. It answers GET and nothing else, keeps nothing with anybody's name in it, and is installed whole or not at
// all. A newer one waits while a form is open. `WARDBOOK` is put before this file by the server: the version, the
// hashed files, and the pages with the address of each one's shell.
const { version, files, pages } = self.WARDBOOK;
const NAME = `wardbook-${version}`;
const WAIT_MS = 3000;
const NO_CONNECTION = '/no-connection';

async function put(cache, address, from, options) {
  const reply = await fetch(from, { cache: 'no-cache', ...options });
  if (!reply.ok || reply.redirected) throw new Error(`${from}: ${reply.status}`);
  await cache.put(address, reply);
}

async function install() {
  const isWhole = (await caches.has(NAME)) && (await (await caches.open(NAME)).match(NO_CONNECTION));
  if (isWhole) return;
  const cache = await caches.open(NAME);
  try {
    await Promise.all([
      ...files.map((file) => put(cache, file, file, { cache: 'default' })),
      // Without cookies, so that nobody's name can be in them.
      ...Object.entries(pages)
        .filter(([address]) => address !== NO_CONNECTION)
        .map(([address, shell]) => put(cache, address, shell, { credentials: 'omit' })),
    ]);
    // Last: its being there says that all of it is.
    await put(cache, NO_CONNECTION, pages[NO_CONNECTION], { credentials: 'omit' });
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('wardbook-') && name !== NAME).map((name) => caches.delete(name)));
}

const kept = async (address) => (await caches.open(NAME)).match(address, { ignoreVary: true });

/** What the network answers in time; a fault of the server, or nothing, is no answer. */
async function fromNetwork(request, waitMs) {
  const late = new Promise((resolve) => setTimeout(resolve, waitMs, null));
  const reply = await Promise.race([fetch(request).catch(() => null), late]);
  return reply && reply.status < 500 ? reply : null;
}

async function openPage(request, { pathname }) {
  if (pathname in pages) {
    return (await fromNetwork(request, WAIT_MS)) ?? (await kept(pathname)) ?? fetch(request);
  }
  try {
    return await fetch(request);
  } catch {
    return (await kept(NO_CONNECTION)) ?? Response.error();
  }
}

async function openFile(request, { pathname }) {
  return (await kept(pathname)) ?? fetch(request);
}

/** A newer worker takes over only when no capture page is open: its files would go from under a half-filled form. */
async function takeOver() {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const isBusy = open.some((client) => /(\/new|\/walk)$/.test(new URL(client.url).pathname));
  if (!isBusy) await self.skipWaiting();
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));
self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(takeOver());
  // A page that was on its way while this one took over is in nobody's hands yet.
  if (event.data === 'fill') event.waitUntil(install().then(() => self.clients.claim()));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(openPage(request, address));
  else if (files.includes(address.pathname)) event.respondWith(openFile(request, address));
});
