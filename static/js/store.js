// What this phone keeps, in IndexedDB. A capture and its photos are written in one strict transaction, so that a
// browser killed at any moment leaves both or neither. What is a draft and what waits to be sent is an index on the
// captures' state, never a second list. Every change is read, made and written in one transaction, so that two tabs
// never undo each other's work. Schema upgrades only add.
import { openDB } from 'idb';

const NAME = 'wardbook';
const VERSION = 2;
const STRICT = { durability: 'strict' };
let opened = null;

function upgrade(database, from, to, transaction) {
  if (from < 1) {
    const captures = database.createObjectStore('captures', { keyPath: 'id' });
    captures.createIndex('kind_state', ['kind', 'state']);
    const photos = database.createObjectStore('photos', { keyPath: 'id' });
    photos.createIndex('capture_id', 'capture_id');
  }
  if (from < 2) {
    transaction.objectStore('captures').createIndex('state', 'state');
    database.createObjectStore('notes');
  }
}

function open() {
  opened ??= openDB(NAME, VERSION, { upgrade, blocking: close, terminated: () => (opened = null) }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Lets go of the database; the next call opens it again. */
export async function close() {
  const database = await opened;
  opened = null;
  database?.close();
}

/** Runs `work(database)`, and once more when the browser had closed the database underneath. */
export async function withDatabase(work) {
  try {
    return await work(await open());
  } catch (error) {
    if (error?.name !== 'InvalidStateError') throw error;
    opened = null;
    return work(await open());
  }
}

function undo(transaction) {
  try {
    transaction.abort();
  } catch (error) {
    // The browser may have undone it already.
    if (error.name !== 'InvalidStateError') throw error;
  }
}

/** Runs `work(captures, photos)`, or with other stores, as one strict transaction: all of it is on the disk afterwards, or
 * nothing changed. */
export function inOne(work, names = ['captures', 'photos']) {
  return withDatabase(async (database) => {
    const transaction = database.transaction(names, 'readwrite', STRICT);
    // A photo that cannot be written must take the capture back with it: left alone, the rest would be committed.
    const worked = work(...names.map((name) => transaction.objectStore(name))).catch((error) => {
      undo(transaction);
      throw error;
    });
    const [result, done] = await Promise.allSettled([worked, transaction.done]);
    const reasons = [result.reason, done.reason];
    // Either side may know why (a full phone shows at commit); the other only knows that it was aborted.
    const failure = reasons.find((reason) => reason && reason.name !== 'AbortError') ?? reasons.find(Boolean);
    if (failure) throw failure;
    return result.value;
  });
}

/** Keeps a draft with exactly these photos, or changes nothing. Bytes already on the phone are not written again.
 * `finish(capture)` may turn it into what it is to be from now on. False when the capture is no draft any more: what has
 * been sent off is not written over by a late save. */
export function saveCapture(capture, photos, finish = (draft) => draft) {
  return inOne(async (captures, store) => {
    const before = await captures.get(capture.id);
    if (before && before.state !== 'draft') return false;
    const held = await store.index('capture_id').getAllKeys(capture.id);
    const wanted = new Set(photos.map((photo) => photo.id));
    const added = photos.filter((photo) => !held.includes(photo.id));
    await Promise.all([
      ...held.filter((id) => !wanted.has(id)).map((id) => store.delete(id)),
      ...added.map((photo) => store.put({ ...photo, capture_id: capture.id })),
      captures.put(finish({ ...before, ...capture })),
    ]);
    return true;
  });
}

/** Changes one capture: `change(capture)` gives the new one, or nothing to leave it. Gives what is there afterwards. */
export function changeCapture(id, change) {
  return inOne(async (captures) => {
    const before = await captures.get(id);
    const after = before && change(before);
    if (!after) return before;
    await captures.put(after);
    return after;
  });
}

/** Lets go of a capture and its photos. Only for one that the server has, or that its person threw away. */
export function forgetCapture(id) {
  return inOne(async (captures, photos) => {
    const keys = await photos.index('capture_id').getAllKeys(id);
    await Promise.all([captures.delete(id), ...keys.map((key) => photos.delete(key))]);
  });
}

/** Lets go of what a sent capture held; `line` is what stays of it. */
export function lighten(line) {
  return inOne(async (captures, photos) => {
    const keys = await photos.index('capture_id').getAllKeys(line.id);
    await Promise.all([captures.put(line), ...keys.map((key) => photos.delete(key))]);
  });
}

/** One capture, or undefined. */
export const captureWith = (id) => withDatabase((database) => database.get('captures', id));

/** The captures in any of these states. */
export function capturesIn(states) {
  return withDatabase(async (database) => {
    const found = await Promise.all(states.map((state) => database.getAllFromIndex('captures', 'state', state)));
    return found.flat();
  });
}

/** The drafts of a kind, newest first. */
export function draftsOf(kind) {
  return withDatabase(async (database) => {
    const drafts = await database.getAllFromIndex('captures', 'kind_state', [kind, 'draft']);
    return drafts.sort((one, other) => other.changed_at.localeCompare(one.changed_at));
  });
}

/** One photo with its bytes, or undefined. */
export const photoOf = (id) => withDatabase((database) => database.get('photos', id));

/** The photos of a capture in the order they were chosen. */
export function photosOf(capture) {
  return withDatabase(async (database) => {
    const photos = await database.getAllFromIndex('photos', 'capture_id', capture.id);
    return photos.sort((one, other) => capture.photo_ids.indexOf(one.id) - capture.photo_ids.indexOf(other.id));
  });
}

/** Something small that the phone remembers by name, or undefined. */
export const noted = (name) => withDatabase((database) => database.get('notes', name));

/** Remembers something small by name. */
export const note = (name, value) => withDatabase((database) => database.put('notes', value, name));

/** The notes whose name begins so. */
export const notesOf = (beginning) => withDatabase((database) => database.getAll('notes', IDBKeyRange.bound(beginning, `${beginning}\uffff`)));

/** Forgets one note. */
export const forgetNote = (name) => withDatabase((database) => database.delete('notes', name));
