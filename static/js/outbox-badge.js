// On every page: the number that waits to be sent, and the sender at work behind it. The number is counted afresh in the
// phone's store each time something changes, so that it cannot drift away from what is there.
import { keepOnPhone } from './installed.js';
import { onNews } from './news.js';
import { WAITING } from './outbox.js';
import { isTheirs, ownerOfPage } from './person.js';
import { startSender } from './sender.js';
import { capturesIn } from './store.js';

const COUNT_AFTER_MS = 100;

/** The captures that wait, as far as whoever is here may see them. */
export async function waitingOf(owner) {
  return (await capturesIn(WAITING)).filter((capture) => isTheirs(capture, owner));
}

export default async function outboxBadge(element) {
  if (!window.indexedDB || !window.crypto?.subtle) return;
  await ownerOfPage();
  const link = element.querySelector('a');

  async function count() {
    const { length } = await waitingOf(await ownerOfPage());
    element.hidden = !length;
    link.querySelector('span').textContent = `${length} waiting to send`;
    document.documentElement.dataset.waiting = length;
  }

  // Counted once for what comes in quick succession: a full phone sends many in a second.
  let isWanted = false;
  async function countSoon() {
    if (isWanted) return;
    isWanted = true;
    await new Promise((resolve) => setTimeout(resolve, COUNT_AFTER_MS));
    isWanted = false;
    await count();
  }

  onNews((news) => {
    // Somebody signed out in another tab: what stands here may be theirs.
    if (news.signed_out) location.replace('/');
    else if (!news.total) countSoon();
  });
  await count();
  startSender();
  const user = JSON.parse(document.documentElement.dataset.user ?? 'null');
  await keepOnPhone(user ?? {});
  if (user) await (await import('./packs.js')).keepPacks(user);
}
