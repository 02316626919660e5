// What is half typed of a vehicle, on the phone's disk, so that a refresh or a killed browser loses none of it. A plate stands
// there too: it goes with the row that is saved, when the session ends, when its person signs out, and half a day
// later as soon as anybody opens the log.
import { entryName } from './speed-session.js';
import { forgetNote, notesOf, withDatabase } from './store.js';

// Rarely enough that a row which is saved finds no other write in its way.
const KEEP_WITHIN_MS = 300;
const FORGET_AFTER_MS = 43_200_000;

/** Keeps what `read()` gives, or forgets it where that is null: `soon()` after a key, `now()` before the page goes, `not()` when
 * something else keeps it. */
export function entryKeeper({ owner, id }, read) {
  let timer = null;

  function not() {
    clearTimeout(timer);
    timer = null;
  }

  function soon() {
    timer ??= setTimeout(now, KEEP_WITHIN_MS);
  }

  async function now() {
    not();
    await keep(entryName(owner, id), read()).catch(() => null);
  }

  return { soon, now, not };
}

function keep(name, entry) {
  return withDatabase((database) => {
    const { store, done } = database.transaction('notes', 'readwrite');
    const asked = entry ? store.put(entry, name) : store.delete(name);
    // A page that goes away hears no answer after which the browser would do it.
    store.transaction.commit?.();
    return Promise.all([asked, done]);
  });
}

/** Forgets what was half typed, by whomever, in sessions that are over or that nobody went back to; `spared` is the one that is opened. */
export async function forgetOldEntries(spared) {
  const isOver = ({ id, ended_at: endedAt, began_at: beganAt }) => id !== spared && (endedAt || Date.now() - Date.parse(beganAt) > FORGET_AFTER_MS);
  for (const { owner, id } of (await notesOf('speed:')).filter(isOver)) await forgetNote(entryName(owner, id)).catch(() => null);
}
