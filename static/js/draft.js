// Keeps a half-filled form on this phone: 400 ms after a change and when the page is hidden, photos included.
// After a refresh, a crash or "back" the form comes back with its own capture id, so that sending it twice is still
// one report. Two tabs never share a draft: each holds a lock on the one it shows. Nothing is deleted here except
// by the person ("Start again").
import { answersToSend, hasAnswers, readAnswers, writeAnswers } from './answers.js';
import { canonical, contentOf, sha256 } from './content.js';
import { newSecret, newUuid } from './identity.js';
import { tellNews } from './news.js';
import { putBack, queue } from './outbox.js';
import { captureWith, changeCapture, draftsOf, forgetCapture, photosOf, saveCapture } from './store.js';
import { titleOf } from './title.js';

const SAVE_AFTER_MS = 400;

/** Makes a form a capture of its own: an id and a secret where the page brought none, and this phone's own time. */
export function begin(form) {
  const { capture_id: id, capture_secret: secret, captured_at: at } = form.elements;
  id.value ||= newUuid();
  secret.value ||= newSecret();
  at.value = new Date().toISOString();
}

/** The capture as it is stored: its identity beside the answers. */
export function captureOf(form, photos, changedAt, owner = null) {
  const value = (name) => form.elements[name]?.value ?? null;
  return {
    id: value('capture_id'),
    owner,
    kind: form.dataset.kind,
    form_version: value('form_version'),
    page_made_at: form.dataset.madeAt ?? null,
    parent: value('part_of') || null,
    opens: form.dataset.opens ?? null,
    clears_at_once: 'clearsAtOnce' in form.dataset,
    secret: value('capture_secret'),
    captured_at: value('captured_at'),
    state: 'draft',
    title: titleOf(form),
    payload: readAnswers(form),
    photo_ids: photos.map((photo) => photo.id),
    changed_at: changedAt,
  };
}

let letGo = () => {};

/** Gives back the lock of the capture that this page showed last, so that it can be opened again, here or elsewhere. */
export const releaseLock = () => letGo();

/** Holds the lock of a capture until it is handed over or this page ends; false when another tab has it. */
export function holdLock(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(`wardbook-capture-${id}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise((end) => (letGo = end));
      })
      .catch(() => resolve(true));
  });
}

/** The newest draft of this owner that no other tab is showing, or none. */
async function freeDraft(kind, owner, onlyId, parent) {
  for (const draft of await draftsOf(kind)) {
    if (draft.owner !== owner || (onlyId && draft.id !== onlyId)) continue;
    if (parent && draft.parent !== parent) continue;
    if (await holdLock(draft.id)) return draft;
  }
  return null;
}

/** Brings back what was kept. A form the server sent back keeps the server's answers; only its photos return.
 * `isWanted` is asked last: a phone that took too long must not write over what has been typed meanwhile. The answers that
 * `typed` names were typed while it looked: they stay. */
export async function restoreDraft(form, photos, { owner, onlyId, sentBack, isWanted, typed }) {
  const ownId = form.elements.capture_id.value;
  const parent = form.elements.part_of?.value;
  const draft = await freeDraft(form.dataset.kind, owner, sentBack ? ownId : onlyId, parent);
  if (!draft) {
    await holdLock(ownId);
    return null;
  }
  const kept = await photosOf(draft);
  if (!isWanted()) return null;
  if (!sentBack) {
    writeAnswers(form, draft.payload, typed);
    takeIdentity(form, draft);
  }
  photos.restore(kept);
  return draft;
}

/** Drafts of before kept their id and secret among the answers. */
function takeIdentity(form, { id, secret, captured_at: at, payload }) {
  form.elements.capture_id.value = id;
  form.elements.capture_secret.value = secret ?? payload.capture_secret?.[0] ?? newSecret();
  form.elements.captured_at.value = at ?? payload.captured_at?.[0] ?? form.elements.captured_at.value;
}

/** Saves from now on. `onState` hears 'kept' with the capture, or 'failed' with the error when the phone would not. */
export function keepDraft(form, photos, owner, onState) {
  let timer = null;
  let writing = Promise.resolve();
  let changed = false;
  let isKept = true;
  // Of what is kept already the hash is known by the time its person presses Send.
  const hashes = new Map();

  const hashOf = ({ id, bytes }) => hashes.get(id) ?? sha256(bytes);
  const now = () => captureOf(form, photos.kept(), new Date().toISOString(), owner);

  function save() {
    clearTimeout(timer);
    if (!changed) return writing;
    changed = false;
    writing = writing.then(async () => {
      try {
        const capture = now();
        // What was sent off meanwhile is no draft any more.
        const kept = photos.kept();
        if (!(await saveCapture(capture, kept))) return;
        for (const photo of kept) if (!hashes.has(photo.id)) hashes.set(photo.id, sha256(photo.bytes));
        isKept = true;
        onState('kept', capture);
        tellNews({ id: capture.id });
      } catch (error) {
        isKept = false;
        onState('failed', error);
      }
    });
    return writing;
  }

  function soon() {
    if (!hasAnswers(form) && !photos.kept().length && !form.elements.latitude?.value) return;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  }

  function stop() {
    clearTimeout(timer);
    changed = false;
    isKept = true;
  }

  /** What the form says now, with its photos and its hash; a photo that is still being added belongs to it. */
  async function spoken() {
    await photos.added();
    const kept = await Promise.all(photos.kept().map(async (one) => ({ ...one, sha256: await hashOf(one) })));
    const capture = now();
    const content = contentOf(capture, answersToSend(form), kept);
    return { kept, capture, content, hash: await sha256(canonical(content)) };
  }

  /** Lets what was opened again go on its way as it was; false when it says something else by now. */
  async function leaveAsItWas() {
    const { capture, hash } = await spoken();
    const before = await captureWith(capture.id);
    if (!before?.content || before.content_sha256 !== hash) return false;
    stop();
    await writing;
    await changeCapture(capture.id, putBack);
    letGo();
    tellNews({ id: capture.id, wanted: true });
    return true;
  }

  /** Hands the form over to be sent: answers, photos and state in one write. Rejects when the phone cannot keep it. */
  async function finish() {
    stop();
    await writing;
    const { kept, capture, content, hash } = await spoken();
    const isSaved = await saveCapture(capture, kept, (draft) =>
      queue(draft, { content, sha256: hash, title: capture.title, at: Date.now() }),
    );
    // It was sent off elsewhere meanwhile, and says what it said there.
    if (!isSaved && (await captureWith(capture.id))?.content_sha256 !== hash) throw new Error('not kept');
    letGo();
    hashes.clear();
    tellNews({ id: capture.id, wanted: true });
    return capture.id;
  }

  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('wardbook:changed', soon);
  window.addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && save());
  return { save, soon, stop, finish, leaveAsItWas, isKept: () => isKept };
}

/** Throws the draft away because its person said so. */
export function startAgain(form) {
  return forgetCapture(form.elements.capture_id.value);
}

/** Makes this form the capture of that id: a draft that another device began. */
export function takeOver(form, id) {
  form.elements.capture_id.value = id;
  return holdLock(id);
}
