// What “Send” does: the capture is handed to the outbox first, then followed on its way. When the server has all of it
// the confirmation opens; when there is no connection the page says that it is safe on this phone and goes by itself;
// when something must change, the form opens again at that place. Where the phone cannot keep anything the form is
// posted as it is.
import { fragment, icon, isBusy, setBusy } from './dom.js';
import { missingIn } from './missing.js';
import { onNews } from './news.js';
import { reopen } from './outbox.js';
import { askSession } from './protocol.js';
import { sendSoon } from './sender.js';
import { notePosted, noteSent } from './sent.js';
import { captureWith, changeCapture } from './store.js';

const WATCH_FOR_MS = 20_000;
const OFFLINE = 'There is no signal, and this browser cannot keep the report. Leave this page open and press Send again when you are connected.';
const SENDING = 'Sending your report. It is saved on this device.';

const note = (tone, symbol) =>
  fragment(`<div class="wb-note wb-note--${tone}" role="alert">${icon(symbol)}<div><p></p></div></div>`);

/** Takes over the form's Send button. `finish()` hands the form to the outbox; without it the form is posted. */
export function sendFrom(form, finish) {
  const button = form.querySelector('[data-step-end] button[type="submit"], [data-step-end] input[type="submit"]');
  const said = document.createElement('div');
  button?.before(said);

  function say(tone, symbol, words) {
    const line = said.querySelector(`.wb-note--${tone}`) ?? note(tone, symbol);
    line.querySelector('p').textContent = words;
    if (line.parentNode !== said) said.replaceChildren(line);
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    // It goes once, and the button keeps the focus of whoever pressed it.
    if (button && isBusy(button)) return;
    if ('onePage' in form.dataset && [...form.querySelectorAll('section')].some(missingIn)) return;
    if (button) setBusy(button, true);
    say('phone', 'clock', SENDING);
    const id = await finish?.().catch(() => null);
    if (id && form.dataset.thenOpens) return location.assign(form.dataset.thenOpens + id);
    if (id) return follow(form, id, say);
    if (await postPlainly(form)) return;
    if (button) setBusy(button, false);
    say('phone', 'device', OFFLINE);
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    if (button) setBusy(button, false);
    said.replaceChildren();
  });
}

/** The form as any browser sends it; a page out of the phone's own store gets its token now. False without a connection. */
async function postPlainly(form) {
  if (navigator.onLine === false || !(await askSession())) return false;
  const { csrf_token: token } = form.elements;
  if (token && !token.value) token.value = await newToken().catch(() => '');
  notePosted(form.elements.capture_id.value);
  form.submit();
  return true;
}

/** The token of a new copy of the page: only a page makes one, with the cookie that it fits. */
async function newToken() {
  const reply = await fetch(location.pathname, { cache: 'no-store' });
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  return page.querySelector('[name="csrf_token"]').value;
}

function follow(form, id, say) {
  navigator.storage?.persist?.().catch(() => {});
  let timer = null;

  function done(act) {
    clearTimeout(timer);
    stop();
    act();
  }

  async function look(news) {
    if (news.silent_until) return done(() => showSaved(form, id));
    if (news.id !== id) return;
    if (news.total) return say('phone', 'clock', `Report received. Sending its photos: ${percent(news)}.`);
    const capture = await captureWith(id);
    if (capture.state === 'complete') return done(() => arrived(form, capture));
    if (capture.problem?.errors) return done(() => openAgain(id));
    if (capture.state === 'parked' || capture.tries) done(() => showSaved(form, id));
  }

  const stop = onNews(look);
  timer = setTimeout(() => done(() => showSaved(form, id)), WATCH_FOR_MS);
  sendSoon();
  look({ id });
}

const percent = ({ sent, total }) => `${Math.round((100 * sent) / total)}%`;

function arrived(form, { id, receipt }) {
  noteSent(id);
  const asked = form.elements.joins ? '?asked=1' : '';
  if (receipt.status_url) location.assign(`${receipt.status_url}/sent${asked}`);
  else showSaved(form, id);
}

/** The form once more, with what the server refused beside its questions. */
async function openAgain(id) {
  await changeCapture(id, reopen);
  location.replace(`${location.pathname}?draft=${id}`);
}

/** In the place of the form, so that it can be read without a connection: it is safe, and what happens to it now. */
export function showSaved(form, id) {
  const page = fragment(`
    <div>
      <div class="wb-band wb-band--phone">${icon('device')}<div>
        <h1 class="govuk-heading-l" tabindex="-1">Saved on this phone</h1><p role="status"></p>
      </div></div>
      <a class="govuk-button wb-button-big" role="button" href="/outbox">See what waits to be sent</a>
      <p class="govuk-body"><a class="govuk-link">Report another</a></p>
    </div>`);
  const [heading, words] = page.querySelectorAll('h1, [role="status"]');
  page.querySelector('.govuk-body a').href = location.pathname;
  document.querySelector('main h1')?.remove();
  document.title = 'Saved on this phone – Wardbook';
  document.querySelector('.wb-step-bar')?.remove();
  form.hidden = true;
  form.before(page);

  async function tell() {
    const capture = await captureWith(id);
    const isSent = capture?.state === 'complete';
    if (isSent) heading.textContent = 'Report sent. Thank you.';
    words.textContent = isSent ? sentWords(capture) : waitingWords(capture);
  }

  onNews((news) => (!news.id || news.id === id) && tell());
  tell().then(() => heading.focus());
}

const sentWords = ({ receipt }) => (receipt.reference ? `Its reference is ${receipt.reference}.` : 'We have it.');

function waitingWords(capture) {
  const reason = capture?.problem?.words ? ` ${capture.problem.words}` : '';
  return `Nothing is lost. It goes by itself as soon as there is a connection, while Wardbook is open.${reason}`;
}
