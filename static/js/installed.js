// Brings Wardbook itself onto the phone, once the page has settled: from then on every capture page opens without a
// connection. Who goes on walks or logs speeds gets the pages for that too, and nobody else has to. A newer version takes over
// between two forms, never under one.

export async function keepOnPhone({ is_afield: isAfield, is_watching: isWatching } = {}) {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' });
  // Some browsers know service workers and allow none.
  if (!registration) return;
  // After a sign-out its store is empty.
  registration.active?.postMessage('fill');
  const sets = [isAfield && 'field', isWatching && 'speed'].filter(Boolean);
  if (sets.length) navigator.serviceWorker.ready.then(({ active }) => sets.forEach((set) => active.postMessage(`fill ${set}`)));
  const offer = () => registration.waiting?.postMessage('take over');
  offer();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
}
