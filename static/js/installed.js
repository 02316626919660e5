// Brings Wardbook itself onto the phone, once the page has settled: from then on every capture page opens without a
// connection. Who works in the field gets the pages for that too, and nobody else has to. A newer version takes over
// between two forms, never under one.

export async function keepOnPhone({ isAfield = false } = {}) {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' });
  // Some browsers know service workers and allow none.
  if (!registration) return;
  // After a sign-out its store is empty.
  registration.active?.postMessage('fill');
  if (isAfield) navigator.serviceWorker.ready.then(({ active }) => active.postMessage('fill field'));
  const offer = () => registration.waiting?.postMessage('take over');
  offer();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
}
