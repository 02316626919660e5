// Puts a capture form together on the phone: what was kept comes back, the place and the photos get their better
// controls, the sections become screens. Each part works alone; if one fails the form still posts.
import { begin, keepDraft, restoreDraft, startAgain, takeOver } from './draft.js';
import { fragment, icon } from './dom.js';
import { nearbyQuestion } from './nearby.js';
import { WAITING } from './outbox.js';
import { photoPicker } from './photos.js';
import { askPhotoPlace } from './photo-place.js';
import { currentPerson, noteSignedOut, ownerOfPage } from './person.js';
import { placePanel } from './place.js';
import { showRefusal } from './refusal.js';
import { wasSent } from './sent.js';
import { captureWith } from './store.js';
import { sendFrom, showSaved } from './submit.js';
import { startWizard } from './wizard.js';

const RESTORE_WITHIN_MS = 2000;
const FULL = 'This device is full, so it cannot keep a copy. Send the report before you leave this page.';
const NOT_KEPT = 'This browser cannot keep a copy of the form. Send the report before you leave this page.';

/** Whether this browser can keep captures: a store, and the hash that a receipt is checked by. */
const canKeep = () => Boolean(window.indexedDB && window.crypto?.subtle);

/** What comes of it, or null when this phone fails or takes too long: nobody waits in front of an empty page. */
function inTime(promise) {
  const late = new Promise((resolve) => setTimeout(resolve, RESTORE_WITHIN_MS, null));
  return Promise.race([Promise.resolve(promise).catch(() => null), late]);
}

/** Whether the capture that this page of the history was for waits to be sent by now. */
async function isOnItsWay(id) {
  return Boolean(id) && canKeep() && WAITING.includes((await captureWith(id))?.state);
}

/** The names of what a person answers while this phone still looks for what it has kept. */
function typedMeanwhile(form) {
  const typed = new Set();
  form.addEventListener('input', ({ target }) => typed.add(target.name));
  return typed;
}

async function restored(form, photos, owner, sentBack, typed) {
  let isWaiting = true;
  const onlyId = new URLSearchParams(location.search).get('draft');
  const found = await inTime(restoreDraft(form, photos, { owner, onlyId, sentBack, isWanted: () => isWaiting, typed }));
  isWaiting = false;
  return found;
}

function note(tone, symbol, words) {
  const element = fragment(`<div class="wb-note wb-note--${tone}" role="alert">${icon(symbol)}<div><p></p></div></div>`);
  element.querySelector('p').textContent = words;
  return element;
}

/** "Your answers are still here", unless the person only pressed refresh or back. */
function welcomeBack(form, draft, owner, keeping, onServer) {
  const [entry] = performance.getEntriesByType('navigation');
  if (entry && entry.type !== 'navigate') return;
  const at = new Date(draft.changed_at).toLocaleString('en-GB', {
    weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit',
  });
  const element = note('phone', 'device', `Your answers of ${at} were kept on this device.`);
  const again = fragment('<button type="button" class="wb-button-link">Start again with an empty form</button>');
  again.addEventListener('click', async () => {
    keeping.stop();
    await startAgain(form);
    await inTime(onServer?.forgetOnServer(draft.id, owner));
    location.replace(location.pathname);
  });
  element.lastElementChild.append(again);
  form.prepend(element);
  form.addEventListener('wardbook:screen', () => element.remove(), { once: true });
}

/** What this person's other device left of the draft: all of it where this one has none, or a later version to choose. */
async function fromElsewhere(form, draft, onServer, typed) {
  const wanted = draft?.id ?? new URLSearchParams(location.search).get('draft');
  const other = await inTime(canKeep() && onServer?.fromServer(wanted));
  if (!other) return null;
  if (draft) return other.changed_at > draft.changed_at ? other : null;
  await takeOver(form, wanted);
  onServer.fill(form, other, typed);
  return other;
}

/** Says for whom it is kept while their session has run out, and lets anybody else say that it is not them. */
async function sayForWhom(form) {
  const person = await currentPerson();
  if (!person || person.is_signed_in) return;
  const element = note('phone', 'person', `This is kept for ${person.name} and goes once they sign in.`);
  const other = fragment('<button type="button" class="wb-button-link"></button>');
  other.textContent = `I am not ${person.name}`;
  other.addEventListener('click', async () => {
    await noteSignedOut(person.id);
    location.replace(location.pathname);
  });
  element.lastElementChild.append(other);
  form.prepend(element);
}

function onKept(form, isUndecided, onServer) {
  const tell = keptLine(form);
  const send = onServer?.alsoOnServer(form, isUndecided);
  return (state, what) => {
    tell(state, what);
    if (state === 'kept') send?.(what);
  };
}

function keptLine(form) {
  const line = fragment(`<p class="wb-kept">${icon('device')}<span></span></p>`);
  const problem = document.createElement('div');
  line.hidden = true;
  form.append(problem, line);
  return (state, what) => {
    line.hidden = state !== 'kept';
    line.lastElementChild.textContent = 'Kept on this device until you send it';
    const words = what?.name === 'QuotaExceededError' ? FULL : NOT_KEPT;
    if (state === 'kept') problem.replaceChildren();
    else if (!problem.firstChild) problem.append(note('act', 'warning', words));
  };
}

/** Back from the confirmation opens this page afresh: there is nothing to check and send, so it says so. */
function sayIsSent(form) {
  const said = fragment(`
    <div>
      <h1 class="govuk-heading-l" tabindex="-1">This report was sent</h1>
      <p class="govuk-body">We have it. There is nothing more to send.</p>
      <a class="govuk-button wb-button-big" role="button">Report another</a>
    </div>`);
  said.querySelector('a').href = location.pathname;
  document.querySelector('main h1').remove();
  document.title = 'This report was sent – Wardbook';
  // Hidden, not removed: other modules hold on to its questions.
  form.hidden = true;
  form.before(said);
  said.querySelector('h1').focus();
}

export default async function captureForm(form) {
  const earlier = history.state?.capture;
  if (wasSent(earlier)) return sayIsSent(form);
  if (await inTime(isOnItsWay(earlier))) return showSaved(form, earlier);
  const photos = photoPicker(form);
  begin(form);
  const typed = typedMeanwhile(form);
  const sentBack = Boolean(document.querySelector('.govuk-error-summary'));
  const owner = (await inTime(canKeep() && ownerOfPage())) || null;
  const draft = canKeep() && (await restored(form, photos, owner, sentBack, typed));
  // Only somebody with an account has drafts on the server: nobody else waits for what that takes.
  const onServer = owner === null ? null : await inTime(import('./server-drafts.js'));
  const other = await fromElsewhere(form, draft, onServer, typed);
  const summary = draft && !sentBack && draft.problem ? showRefusal(form, draft.problem) : null;
  const place = placePanel(form, photos);
  askPhotoPlace(form, place, photos, draft?.payload?.before_photo?.[0]);
  const nearby = nearbyQuestion(form, draft?.payload?.joins?.[0]);
  const wizard = 'onePage' in form.dataset ? { start() {} } : startWizard(form, nearby);
  let isUndecided = Boolean(other && draft);
  const keeping = canKeep() ? keepDraft(form, photos, owner, onKept(form, () => isUndecided, onServer)) : { soon() {}, stop() {} };
  // What was typed before anybody listened, while all this was fetched, is kept as well.
  if (typed.size || !(draft || other)) keeping.soon();
  sendFrom(form, keeping.finish);
  await wizard.start();
  form.dispatchEvent(new CustomEvent('wardbook:restored'));
  if (owner !== null) await sayForWhom(form);
  if (summary) summary.focus();
  else if (isUndecided) onServer.askWhich(form, other, () => (isUndecided = false));
  else if (draft && !sentBack) welcomeBack(form, draft, owner, keeping, onServer);
}
