// Signing out on a phone: whoever has unsent work is told first. Then the copies of what was sent and everything fetched
// for offline work go, and other tabs leave for the front page; what is unsent stays, out of sight, until its owner signs
// in here again. Without a connection the session would live on, so nothing is done.
import { fragment } from './dom.js';
import { tellOthers } from './news.js';
import { waitingOf } from './outbox-badge.js';
import { currentPerson, noteSignedOut } from './person.js';
import { askSession } from './protocol.js';
import { capturesIn, forgetCapture, forgetNote, notesOf, withDatabase } from './store.js';

// A session that nobody ended goes on no longer than that.
const HALF_A_DAY_MS = 43_200_000;
const NO_CONNECTION = 'Signing out needs a connection. Try again once you have one.';

function wordsFor(count) {
  if (!count) return 'A speed-watch session goes on. It stays on this device, out of sight, until you sign in here again.';
  return count === 1
    ? '1 thing you wrote down has not been sent. It stays on this device, out of sight, until you sign in here again.'
    : `${count} things you wrote down have not been sent. They stay on this device, out of sight, until you sign in here again.`;
}

async function warn(count) {
  const dialog = document.querySelector('.wb-dialog');
  dialog.querySelector('p').textContent = wordsFor(count);
  dialog.returnValue = '';
  dialog.querySelectorAll('button').forEach((button) => (button.onclick = () => dialog.close(button.value)));
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  return dialog.returnValue === 'yes';
}

/** The speed-watch sessions that go on, or of which something waits: all of theirs stays, as their next version is made from it. */
async function sessionsToKeep(owner) {
  const waits = new Set((await waitingOf(owner)).flatMap(({ id, stays }) => [id, stays?.parent]));
  return (await notesOf(`speed:${owner}:`)).filter(({ id, counter, ended_at: endedAt }) => !endedAt || waits.has(id) || waits.has(counter.id));
}

/** Forgets the notes whose name begins so. */
const forgetNotes = (beginning) => withDatabase((database) => database.delete('notes', IDBKeyRange.bound(beginning, `${beginning}\uffff`)));

async function clear(owner) {
  const kept = new Set((await sessionsToKeep(owner)).flatMap(({ id, counter }) => [id, counter.id]));
  const sent = (await capturesIn(['complete'])).filter((capture) => capture.owner === owner);
  for (const { id, stays } of sent) if (!kept.has(id) && !kept.has(stays?.parent)) await forgetCapture(id);
  await forgetNotes('pack:');
  for (const { id } of (await notesOf(`speed:${owner}:`)).filter((one) => !kept.has(one.id))) {
    for (const name of ['speed', 'speed-end']) await forgetNote(`${name}:${owner}:${id}`);
  }
  await forgetNote(`speed-start:${owner}`);
  // What is half typed of a vehicle may be its plate: it goes whether or not its session stays.
  await forgetNotes(`speed-entry:${owner}:`);
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  await noteSignedOut(owner);
  tellOthers({ signed_out: true });
}

function sayNoConnection(form) {
  const said = form.querySelector('[role="alert"]') ?? fragment('<p class="govuk-error-message" role="alert"></p>');
  said.textContent = NO_CONNECTION;
  form.append(said);
}

export default function signOut(form) {
  form.addEventListener('submit', async (event) => {
    if (!window.indexedDB) return;
    event.preventDefault();
    const owner = (await currentPerson())?.id ?? null;
    const own = (await waitingOf(owner)).filter((capture) => capture.owner === owner);
    const isGoingOn = (await sessionsToKeep(owner)).some(({ ended_at: endedAt, began_at: beganAt }) => !endedAt && Date.now() - Date.parse(beganAt) < HALF_A_DAY_MS);
    if ((own.length || isGoingOn) && !(await warn(own.length))) return;
    if (!(await askSession())) return sayNoConnection(form);
    await clear(owner);
    form.submit();
  });
}
