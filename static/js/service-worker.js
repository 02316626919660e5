// Keeps Wardbook itself on the phone: the page of residents, the outbox and a page that says honestly that the rest needs
// a connection, and for those who go on walks or log speeds their pages too. It answers GET and nothing else, keeps nothing
// with anybody's name in it, and each of the three sets is installed whole or not at all. A newer one waits while a form is
// open. `WARDBOOK` is put before this file by the server: the version, and for each set its hashed files, and its pages
// with the address of each one's shell.
const { version, everybody, field, speed } = self.WARDBOOK;
const EVERYBODY = { ...everybody, name: `wardbook-${version}`, last: '/no-connection' };
// Each by the beginning of its name, which the older ones have too.
const APART = {
  'wardbook-field-': { ...field, name: `wardbook-field-${version}`, last: '/eva/walk' },
  'wardbook-speed-': { ...speed, name: `wardbook-speed-${version}`, last: '/speed-watch/log' },
};
const SETS = [EVERYBODY, ...Object.values(APART)];
const pages = { ...everybody.pages, ...field.pages, ...speed.pages };
const files = new Set(SETS.flatMap((set) => set.files));
const WAIT_MS = 3000;
const LEAVING_MS = 5000;
const NO_CONNECTION = '/no-connection';

async function put(cache, address, from, options) {
  const reply = await fetch(from, { cache: 'no-cache', ...options });
  if (!reply.ok || reply.redirected) throw new Error(`${from}: ${reply.status}`);
  await cache.put(address, reply);
}

/** Two pages may ask for a set at once: what fails for the second must not take away what the first has brought. */
const underWay = new Map();

function install(set) {
  if (!underWay.has(set.name)) underWay.set(set.name, bring(set).finally(() => underWay.delete(set.name)));
  return underWay.get(set.name);
}

async function bring(set) {
  const isWhole = (await caches.has(set.name)) && (await (await caches.open(set.name)).match(set.last));
  if (isWhole) return;
  const cache = await caches.open(set.name);
  try {
    await Promise.all([
      ...set.files.map((file) => put(cache, file, file, { cache: 'default' })),
      // Without cookies, so that nobody's name can be in them.
      ...Object.entries(set.pages)
        .filter(([address]) => address !== set.last)
        .map(([address, shell]) => put(cache, address, shell, { credentials: 'omit' })),
    ]);
    // Last: its being there says that all of it is.
    await put(cache, set.last, set.pages[set.last], { credentials: 'omit' });
  } catch (error) {
    await caches.delete(set.name);
    throw error;
  }
}

/** A phone that had older pages of a set apart gets the newer ones with the rest, so that none is without them. */
async function installAll() {
  await install(EVERYBODY);
  const names = await caches.keys();
  for (const [beginning, set] of Object.entries(APART)) if (names.some((name) => name.startsWith(beginning))) await install(set);
}

async function forgetOlder() {
  const ours = SETS.map((set) => set.name);
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('wardbook-') && !ours.includes(name)).map((name) => caches.delete(name)));
}

async function keptIn({ name }, address) {
  return (await caches.has(name)) ? (await caches.open(name)).match(address, { ignoreVary: true }) : undefined;
}

async function kept(address) {
  for (const set of SETS) {
    const found = await keptIn(set, address);
    if (found) return found;
  }
  return undefined;
}

/** What the network answers in time; a fault of the server, or nothing, is no answer. */
async function fromNetwork(request, waitMs) {
  const late = new Promise((resolve) => setTimeout(resolve, waitMs, null));
  const reply = await Promise.race([fetch(request).catch(() => null), late]);
  return reply && reply.status < 500 ? reply : null;
}

async function openPage(request, { pathname }) {
  if (pathname in pages) {
    const reply = (await fromNetwork(request, WAIT_MS)) ?? (await kept(pathname));
    return reply ?? fetch(request).catch(async () => (await kept(NO_CONNECTION)) ?? Response.error());
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

/** A newer worker takes over only when no capture page is open: its files would go from under a half-filled form. A page
 * that is just being left may still count as open, so it looks once more. */
async function takeOver() {
  if (await isBusy()) await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
  if (!(await isBusy())) await self.skipWaiting();
}

async function isBusy() {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return open.some((client) => /(\/new|\/walk|\/log)$/.test(new URL(client.url).pathname));
}

self.addEventListener('install', (event) => event.waitUntil(installAll()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));
self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(takeOver());
  // A page that was on its way while this one took over is in nobody's hands yet.
  if (event.data === 'fill') event.waitUntil(install(EVERYBODY).then(() => self.clients.claim()));
  const apart = APART[`wardbook-${String(event.data).replace('fill ', '')}-`];
  if (apart) event.waitUntil(install(apart));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(openPage(request, address));
  else if (files.has(address.pathname)) event.respondWith(openFile(request, address));
});
