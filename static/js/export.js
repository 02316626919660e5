// "Save waiting work to a file": everything that has not been sent, photos and all, in one file that staff can bring in on
// any machine. It holds what each capture needs to be taken for the same one, should the phone send it later after all.
import { WAITING } from './outbox.js';
import { isTheirs } from './person.js';
import { capturesIn, photosOf } from './store.js';

const VERSION = 1;
const AT_ONCE = 0x8000;
// The server takes 64 MB; one capture alone has at most 40 MB of photos, which is 54 MB as letters.
const MOST_LETTERS = 55_000_000;

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}

async function exported(capture) {
  const { id, owner, secret, title, rev, content, acked, queued_at: queuedAt } = capture;
  const photos = await photosOf(capture);
  return {
    id, owner, secret, title, rev, base_rev: acked?.base_rev ?? null, content, queued_at: new Date(queuedAt).toISOString(),
    photos: photos.map((photo) => ({ id: photo.id, base64: base64(photo.bytes) })),
  };
}

const fileOf = (captures) =>
  JSON.stringify({ wardbook_outbox: VERSION, exported_at: new Date().toISOString(), captures });

/** What waits of whoever is here, as the texts of files none of which is too large to be brought in. */
export async function* waitingAsFiles(owner) {
  // What was taken out again is not brought in by anybody, nor what is there and stays there.
  const goes = ({ state, problem }) => state !== 'removing' && problem?.code !== 'stays';
  const waiting = (await capturesIn(WAITING)).filter((capture) => isTheirs(capture, owner) && goes(capture));
  let captures = [];
  let size = 0;
  for (const capture of waiting) {
    const next = await exported(capture);
    const length = next.photos.reduce((sum, photo) => sum + photo.base64.length, 0);
    if (captures.length && size + length > MOST_LETTERS) {
      yield fileOf(captures);
      [captures, size] = [[], 0];
    }
    captures.push(next);
    size += length;
  }
  if (captures.length) yield fileOf(captures);
}

/** Hands the files to their person. */
export async function exportWaiting(owner) {
  const at = new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-');
  let number = 0;
  for await (const text of waitingAsFiles(owner)) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = `wardbook-outbox-${at}${(number += 1) > 1 ? `-${number}` : ''}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}
