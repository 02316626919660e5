// While online, a signed-in person's drafts are also kept on the server, so that what was begun on a phone can be finished
// at a desk. The words go, the photos stay where they were taken, and so does what the form marks as staying on the
// device (`data-stays-here`). A version that another device changed later is never written over unasked.
import { fragment, icon } from './dom.js';
import { writeAnswers } from './answers.js';
import { currentPerson } from './person.js';
import { askSession, draftAt, dropDraft, putDraft } from './protocol.js';
import { captureWith } from './store.js';

const EVERY_MS = 3000;

const staying = (form) => new Set([...form.querySelectorAll('[data-stays-here]')].map((control) => control.name));

function bodyOf(form, { kind, form_version, captured_at, title, payload, changed_at, photo_ids }) {
  const left = staying(form);
  const answers = Object.fromEntries(Object.entries(payload).filter(([name]) => !left.has(name)));
  return { kind, form_version, captured_at, title, changed_at, answers, photo_count: photo_ids.length };
}

/** Keeps a form's drafts on the server too. Gives what to call with each draft that the phone has kept. */
export function alsoOnServer(form, isPaused) {
  let newest = null;
  let timer = null;

  async function put() {
    timer = null;
    const capture = newest;
    const person = await currentPerson();
    if (isPaused() || !person?.is_signed_in || capture.owner !== person.id || navigator.onLine === false) return;
    const session = await askSession();
    if (session?.user?.id !== capture.owner) return;
    // Sent off while the server was asked: it is no draft any more, and the server would refuse it as one.
    if ((await captureWith(capture.id))?.state === 'draft') await putDraft(capture.id, bodyOf(form, capture), session);
  }

  return (capture) => {
    newest = capture;
    timer ??= setTimeout(put, EVERY_MS);
  };
}

/** The draft that another device of this person left on the server, or null. */
export async function fromServer(id) {
  return id ? draftAt(id) : null;
}

/** Forgets the server's copy of a draft that its person threw away. */
export async function forgetOnServer(id, owner) {
  const session = await askSession();
  if (session?.user?.id === owner) await dropDraft(id, session);
}

const when = (at) =>
  new Date(at).toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });

/** Puts a draft of another device into a form that has none of its own, around what was `typed` meanwhile, and says so. */
export function fill(form, draft, typed) {
  writeAnswers(form, draft.answers, typed);
  if (draft.captured_at) form.elements.captured_at.value = draft.captured_at;
  const count = draft.photo_count;
  const stay = count === 1 ? '1 photo is still on that device: it comes' : `${count} photos are still on that device: they come`;
  const about = count ? ` ${stay} along only if you send it from there.` : '';
  say(form, `You began this on another device, ${when(draft.changed_at)}.${about}`);
}

/** Asks which of two versions to go on with, when another device changed the draft later. `settled()` follows. */
export function askWhich(form, draft, settled) {
  const note = say(form, `You changed this on another device, ${when(draft.changed_at)}. Here you see what this device has kept.`);
  const use = fragment('<button type="button" class="govuk-button govuk-button--secondary">Use the other version</button>');
  const keep = fragment('<button type="button" class="wb-button-link">Keep this one</button>');
  use.addEventListener('click', () => {
    writeAnswers(form, draft.answers);
    form.dispatchEvent(new CustomEvent('wardbook:restored'));
    done();
  });
  keep.addEventListener('click', () => done());
  note.lastElementChild.append(use, keep);

  function done() {
    note.remove();
    settled();
    form.dispatchEvent(new CustomEvent('wardbook:changed'));
  }
}

function say(form, words) {
  const note = fragment(`<div class="wb-note wb-note--phone" role="alert">${icon('device')}<div><p></p></div></div>`);
  note.querySelector('p').textContent = words;
  form.prepend(note);
  return note;
}
