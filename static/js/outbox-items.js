// One line of the outbox: what it is, how far it has got in words, and what can be done about it.
import { fragment } from './dom.js';
import { previewOf } from './outbox-preview.js';

const CURES = {
  clash: { label: 'Compare', href: ({ problem }) => problem.compare_url },
};

const clockTime = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayAndTime = (at) =>
  new Date(at).toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const photosWords = (count) => (count === 1 ? '1 photo' : `${count} photos`);

function sizeWords(content) {
  const photos = content?.photos ?? [];
  if (!photos.length) return '';
  const megabytes = photos.reduce((sum, photo) => sum + photo.bytes, 0) / 1e6;
  return `, ${photosWords(photos.length)}, ${megabytes < 0.1 ? 'under 0.1' : megabytes.toFixed(1)}\u00a0MB`;
}

/** How far a capture has got, in words. */
export function stateWords(capture, progress) {
  const { state, problem, receipt } = capture;
  if (state === 'draft') return `Saved ${dayAndTime(capture.changed_at)}. Not sent yet.`;
  if (state === 'parked') return wordsOf(problem);
  if (state === 'received') return `Words sent. ${photoWords(capture, progress)}`;
  if (state === 'removing') return 'Taken out. The server is told when there is a connection.';
  if (state === 'sending') return 'Sent off. No answer yet.';
  if (state === 'complete') {
    const count = capture.photo_ids.length;
    return `Sent ${dayAndTime(capture.sent_at)}. Received${count ? `, ${count} of ${photosWords(count)}` : ''}${
      receipt.state === 'officer' ? '. An officer decides: your role has ended, or its walk is missing' : ''}`;
  }
  const reason = problem?.words ? ` ${problem.words}` : '';
  return `Saved ${clockTime(capture.queued_at)}${sizeWords(capture.content)}.${reason}`;
}

function wordsOf(problem) {
  const sentences = Object.values(problem.errors ?? {}).flat();
  return sentences.join(' ') || problem.words || 'It could not be taken as it is.';
}

function photoWords({ acked, content }, progress) {
  const all = content.photos.length;
  const sent = all - acked.missing.length;
  const under = progress ? `, the next one ${Math.round((100 * progress.sent) / progress.total)}%` : '';
  return `${sent} of ${photosWords(all)} sent${under}`;
}

function bar({ content, acked }, progress) {
  const total = content.photos.reduce((sum, photo) => sum + photo.bytes, 0);
  const left = content.photos.filter((photo) => acked.missing.includes(photo.id));
  const done = total - left.reduce((sum, photo) => sum + photo.bytes, 0) + (progress?.sent ?? 0);
  const element = document.createElement('progress');
  element.max = total;
  element.value = Math.min(done, total);
  element.setAttribute('aria-label', 'Photos sent');
  return element;
}

function action(label, capture, act) {
  const button = fragment(
    '<button type="button" class="wb-button-link"><span></span><span class="govuk-visually-hidden"></span></button>',
  );
  button.firstElementChild.textContent = label;
  button.lastElementChild.textContent = ` ${capture.title}`;
  button.addEventListener('click', () => act(capture));
  return button;
}

function link(label, capture, address) {
  const element = fragment('<a class="govuk-link"><span></span><span class="govuk-visually-hidden"></span></a>');
  element.href = address;
  element.firstElementChild.textContent = label;
  element.lastElementChild.textContent = ` ${capture.title}`;
  return element;
}

function actions(capture, acts) {
  const { state, problem, receipt } = capture;
  if (state === 'removing') return [];
  const cure = state === 'parked' && CURES[problem.code];
  if (cure && cure.href(capture)) return [link(cure.label, capture, cure.href(capture))];
  if (state === 'complete') {
    const open = receipt.status_url ? [link('Open', capture, receipt.status_url)] : [];
    return acts.isNeeded(capture) ? open : [...open, action('Clear', capture, acts.forget)];
  }
  const remove = action('Remove', capture, acts.remove);
  if (['gone', 'stays'].includes(problem?.code)) return [remove];
  const label = state === 'draft' ? 'Go on' : 'Open';
  return [action(label, capture, acts.open), remove];
}

/** The list item of a capture. `acts` has `open`, `remove` and `forget`, and says what `isNeeded`. */
export function itemOf(capture, progress, acts) {
  const item = fragment(`
    <li class="wb-outbox__item"><div><strong></strong><p></p></div><div class="wb-outbox__actions"></div></li>`);
  const [title, words, buttons] = item.querySelectorAll('strong, p, .wb-outbox__actions');
  const reference = capture.receipt?.reference;
  title.textContent = reference ? `${capture.title} · ${reference}` : capture.title;
  words.textContent = stateWords(capture, progress);
  item.dataset.state = capture.state;
  item.dataset.id = capture.id;
  if (capture.photo_ids.length) item.prepend(previewOf(capture.photo_ids[0]));
  if (capture.state === 'received') words.after(bar(capture, progress));
  buttons.append(...actions(capture, acts));
  return item;
}

/** One list item for many small captures of one page, such as the vehicles of a session. */
export function itemOfMany(captures) {
  const [{ stays, state }] = captures;
  const item = fragment(`
    <li class="wb-outbox__item"><div><strong></strong><p></p></div><div class="wb-outbox__actions"><a class="govuk-link">Open<span class="govuk-visually-hidden"></span></a></div></li>`);
  const [title, words, link, hidden] = item.querySelectorAll('strong, p, a, a span');
  title.textContent = `${captures.length === 1 ? '1 vehicle' : `${captures.length} vehicles`}, ${stays.group}`;
  words.textContent = state === 'complete' ? `Sent ${dayAndTime(Math.max(...captures.map((one) => one.sent_at)))}. No plate is here any more.` : 'Saved. The plates are on this phone until they are sent.';
  link.href = `/speed-watch/log?id=${stays.parent}`;
  hidden.textContent = ` ${stays.group}`;
  item.dataset.id = `of ${stays.parent}`;
  item.dataset.state = state;
  return item;
}
