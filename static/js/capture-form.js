// Puts a capture form together on the phone: what was kept comes back, the place and the photos get their better
// controls, the sections become screens. Each part works alone; if one fails the form still posts.
import { fragment, icon, isBusy, setBusy } from './dom.js';
import { nearbyQuestion } from './nearby.js';
import { photoPicker } from './photos.js';
import { askPhotoPlace } from './photo-place.js';
import { placePanel } from './place.js';
import { wasSent } from './sent.js';
import { startWizard } from './wizard.js';

const RESTORE_WITHIN_MS = 2000;
const FULL = 'This device is full, so it cannot keep a copy. Send the report before you leave this page.';
const NOT_KEPT = 'This browser cannot keep a copy of the form. Send the report before you leave this page.';
const OFFLINE = 'There is no signal. Everything is kept on this device: press Send again when you are connected.';

/** The draft module, or nothing where the browser has no store to keep one in. */
async function draftModule() {
  if (!window.indexedDB) return null;
  return import('./draft.js').catch(() => null);
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function restored(drafts, form, photos, sentBack) {
  let isWaiting = true;
  const draft = drafts.restoreDraft(form, photos, { sentBack, isWanted: () => isWaiting }).catch(() => null);
  const found = await Promise.race([draft, wait(RESTORE_WITHIN_MS)]);
  isWaiting = false;
  return found ?? null;
}

function note(tone, symbol, words) {
  const element = fragment(`<div class="wb-note wb-note--${tone}" role="alert">${icon(symbol)}<div><p></p></div></div>`);
  element.querySelector('p').textContent = words;
  return element;
}

/** "Your answers are still here", unless the person only pressed refresh or back. */
function welcomeBack(form, draft, drafts, keeping) {
  const [entry] = performance.getEntriesByType('navigation');
  if (entry && entry.type !== 'navigate') return;
  const at = new Date(draft.changed_at).toLocaleString('en-GB', {
    weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit',
  });
  const element = note('phone', 'device', `Your answers of ${at} were kept on this device.`);
  const again = fragment('<button type="button" class="wb-button-link">Start again with an empty form</button>');
  again.addEventListener('click', async () => {
    keeping.stop();
    await drafts.startAgain(form);
    location.replace(location.pathname + location.search);
  });
  element.lastElementChild.append(again);
  form.prepend(element);
  form.addEventListener('wardbook:screen', () => element.remove(), { once: true });
}

function keptLine(form) {
  const line = fragment(`<p class="wb-kept">${icon('device')}<span></span></p>`);
  const problem = document.createElement('div');
  line.hidden = true;
  form.append(problem, line);
  return (state, error) => {
    line.hidden = state !== 'kept';
    line.lastElementChild.textContent = 'Kept on this device until you send it';
    const words = error?.name === 'QuotaExceededError' ? FULL : NOT_KEPT;
    if (state === 'kept') problem.replaceChildren();
    else if (!problem.firstChild) problem.append(note('act', 'warning', words));
  };
}

function sendOnce(form, save) {
  const button = form.querySelector('[data-step-end] button[type="submit"], [data-step-end] input[type="submit"]');
  const said = document.createElement('div');
  button?.before(said);
  form.addEventListener('submit', (event) => {
    // It goes once, and the button keeps the focus of whoever pressed it.
    if (button && isBusy(button)) return event.preventDefault();
    save();
    said.replaceChildren();
    if (navigator.onLine === false) {
      event.preventDefault();
      said.append(note('phone', 'device', OFFLINE));
      return;
    }
    if (!button) return;
    setBusy(button, true);
    said.append(note('phone', 'clock', 'Sending your report and its photos. Keep this page open.'));
  });
  window.addEventListener('pageshow', () => {
    if (button) setBusy(button, false);
    said.replaceChildren();
  });
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
  if (wasSent(history.state?.capture)) return sayIsSent(form);
  const photos = photoPicker(form);
  const drafts = await draftModule();
  const sentBack = Boolean(document.querySelector('.govuk-error-summary'));
  const draft = drafts && (await restored(drafts, form, photos, sentBack));
  const place = placePanel(form, photos);
  askPhotoPlace(form, place, photos, draft?.payload.before_photo?.[0]);
  const nearby = nearbyQuestion(form, draft?.payload.joins?.[0]);
  const wizard = startWizard(form, nearby);
  const keeping = drafts?.keepDraft(form, photos, keptLine(form)) ?? { save() {}, stop() {} };
  sendOnce(form, keeping.save);
  await wizard.start();
  form.dispatchEvent(new CustomEvent('wardbook:restored'));
  if (draft && !sentBack) welcomeBack(form, draft, drafts, keeping);
}
