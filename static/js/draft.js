// Keeps a half-filled form on this phone: 400 ms after a change and when the page is hidden, photos included.
// After a refresh, a crash or "back" the form comes back with its own capture id, so that sending it twice is still
// one report. Two tabs never share a draft: each holds a lock on the one it shows. Nothing is deleted here except
// by the person ("Start again") or after the server showed that it has the report.
import { readAnswers, hasAnswers, writeAnswers } from './answers.js';
import { draftsOf, forgetCapture, photosOf, saveCapture } from './store.js';

const SAVE_AFTER_MS = 400;

/** The capture as it is stored: its identity beside the answers. */
export function captureOf(form, photos, changedAt) {
  const answers = readAnswers(form);
  return {
    id: answers.capture_id[0],
    owner: null,
    kind: form.dataset.kind,
    form_version: form.elements.form_version?.value ?? null,
    rev: 1,
    state: 'draft',
    payload: answers,
    photo_ids: photos.map((photo) => photo.id),
    changed_at: changedAt,
  };
}

/** Holds the lock of a capture for as long as this page lives; false when another tab has it. */
function holdLock(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(`wardbook-capture-${id}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise(() => {});
      })
      .catch(() => resolve(true));
  });
}

/** The newest draft that no other tab is showing, or none. */
async function freeDraft(kind, onlyId) {
  for (const draft of await draftsOf(kind)) {
    if (onlyId && draft.id !== onlyId) continue;
    if (await holdLock(draft.id)) return draft;
  }
  return null;
}

/** Brings back what was kept. A form the server sent back keeps the server's answers; only its photos return.
 * `isWanted` is asked last: a phone that took too long must not write over what has been typed meanwhile. */
export async function restoreDraft(form, photos, { sentBack, isWanted }) {
  const ownId = form.elements.capture_id.value;
  const draft = await freeDraft(form.dataset.kind, sentBack ? ownId : null);
  if (!draft) {
    await holdLock(ownId);
    return null;
  }
  const kept = await photosOf(draft);
  if (!isWanted()) return null;
  if (!sentBack) writeAnswers(form, draft.payload);
  photos.restore(kept);
  return draft;
}

/** Saves from now on. `onState` hears 'kept', or the error when the phone would not keep it. */
export function keepDraft(form, photos, onState) {
  let timer = null;
  let writing = Promise.resolve();
  let changed = false;

  function save() {
    clearTimeout(timer);
    if (!changed) return writing;
    changed = false;
    writing = writing.then(async () => {
      const kept = photos.kept();
      try {
        await saveCapture(captureOf(form, kept, new Date().toISOString()), kept);
        onState('kept');
      } catch (error) {
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

  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('wardbook:changed', soon);
  window.addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && save());
  function stop() {
    clearTimeout(timer);
    changed = false;
  }
  return { save, stop };
}

/** Throws the draft away because its person said so. */
export async function startAgain(form) {
  await forgetCapture(form.elements.capture_id.value);
}
