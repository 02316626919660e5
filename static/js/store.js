// What this phone keeps, in IndexedDB. A capture and its photos are written in one strict transaction, so that a
// browser killed at any moment leaves both or neither. Which captures are drafts is an index, never a second list.
// Schema upgrades only add.
import { openDB } from 'idb';

const NAME = 'wardbook';
const VERSION = 1;
let opened = null;

function open() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(database) {
      const captures = database.createObjectStore('captures', { keyPath: 'id' });
      captures.createIndex('kind_state', ['kind', 'state']);
      const photos = database.createObjectStore('photos', { keyPath: 'id' });
      photos.createIndex('capture_id', 'capture_id');
    },
    blocking: close,
    terminated: () => (opened = null),
  }).catch((error) => {
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
async function withDatabase(work) {
  try {
    return await work(await open());
  } catch (error) {
    if (error?.name !== 'InvalidStateError') throw error;
    opened = null;
    return work(await open());
  }
}

async function writeBoth(transaction, capture, photos) {
  const store = transaction.objectStore('photos');
  const held = await store.index('capture_id').getAllKeys(capture.id);
  const wanted = new Set(photos.map((photo) => photo.id));
  const added = photos.filter((photo) => !held.includes(photo.id));
  await Promise.all([
    ...held.filter((id) => !wanted.has(id)).map((id) => store.delete(id)),
    ...added.map((photo) => store.put({ ...photo, capture_id: capture.id })),
    transaction.objectStore('captures').put(capture),
  ]);
}

function undo(transaction) {
  try {
    transaction.abort();
  } catch (error) {
    // The browser may have undone it already.
    if (error.name !== 'InvalidStateError') throw error;
  }
}

/** Keeps a capture with exactly these photos, or changes nothing. Bytes already on the phone are not written again. */
export function saveCapture(capture, photos) {
  return withDatabase(async (database) => {
    const transaction = database.transaction(['captures', 'photos'], 'readwrite', { durability: 'strict' });
    // A photo that cannot be written must take the capture back with it: left alone, the rest would be committed.
    const written = writeBoth(transaction, capture, photos).catch((error) => {
      undo(transaction);
      throw error;
    });
    const reasons = (await Promise.allSettled([written, transaction.done])).map(({ reason }) => reason);
    // Either side may know why (a full phone shows at commit); the other only knows that it was aborted.
    const failure = reasons.find((reason) => reason && reason.name !== 'AbortError') ?? reasons.find(Boolean);
    if (failure) throw failure;
  });
}

/** The drafts of a kind, newest first. */
export function draftsOf(kind) {
  return withDatabase(async (database) => {
    const drafts = await database.getAllFromIndex('captures', 'kind_state', [kind, 'draft']);
    return drafts.sort((one, other) => other.changed_at.localeCompare(one.changed_at));
  });
}

/** The photos of a capture in the order they were chosen. */
export function photosOf(capture) {
  return withDatabase(async (database) => {
    const photos = await database.getAllFromIndex('photos', 'capture_id', capture.id);
    return photos.sort((one, other) => capture.photo_ids.indexOf(one.id) - capture.photo_ids.indexOf(other.id));
  });
}

/** Lets go of a capture and its photos. Only for one that the server has, or that its person threw away. */
export function forgetCapture(id) {
  return withDatabase(async (database) => {
    const transaction = database.transaction(['captures', 'photos'], 'readwrite', { durability: 'strict' });
    const photos = transaction.objectStore('photos');
    const keys = await photos.index('capture_id').getAllKeys(id);
    await Promise.all([
      transaction.objectStore('captures').delete(id),
      ...keys.map((key) => photos.delete(key)),
      transaction.done,
    ]);
  });
}
