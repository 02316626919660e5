// What one tab tells the others about captures: that something changed, and how far a photo has got.

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('wardbook') : null;
const listeners = new Set();
// Node ends only when nothing listens any more.
channel?.unref?.();
channel?.addEventListener('message', ({ data }) => listeners.forEach((listener) => listener(data)));

/** Calls `listener(news)` for news of this tab and all others; gives a way to stop. */
export function onNews(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells the other tabs. */
export function tellOthers(news) {
  channel?.postMessage(news);
}

/** Tells all tabs, this one too: `{ id }` has changed, or `{ id, photo, sent, total }`. */
export function tellNews(news) {
  listeners.forEach((listener) => listener(news));
  tellOthers(news);
}
