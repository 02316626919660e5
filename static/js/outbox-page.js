// The outbox: what needs its person, what goes by itself, the drafts, and what was sent in the last seven days. It shows
// what the phone's store holds, nothing else, so it is the same with and without a connection.
import { fragment, icon } from './dom.js';
import { onNews } from './news.js';
import { mayGo, reopen, WAITING } from './outbox.js';
import { currentPerson, isTheirs, ownerOfPage } from './person.js';
import { sendNow } from './sender.js';
import { itemOf, itemOfMany } from './outbox-items.js';
import { capturesIn, changeCapture, forgetCapture, notesOf } from './store.js';

const DRAW_EVERY_MS = 500;
const needsPerson = ({ state }) => state === 'parked';
const newestFirst = (one, other) => (other.changed_at ?? '').localeCompare(one.changed_at ?? '');

const GROUPS = [
  { title: 'Needs you', icon: 'warning', tone: 'act', has: needsPerson },
  { title: 'Goes by itself', icon: 'clock', has: (one) => WAITING.includes(one.state) && !needsPerson(one) },
  { title: 'Drafts', icon: 'pencil', has: ({ state }) => state === 'draft' },
  { title: 'Sent', icon: 'sent', tone: 'ok', has: ({ state }) => state === 'complete', hint: 'In the last 7 days' },
];

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

export default async function outboxPage(page) {
  const part = (name) => page.querySelector(`[data-outbox="${name}"]`);
  const [headline, aloud, detail, button] = ['headline', 'aloud', 'detail', 'send'].map(part);
  const [line, lists, tools] = ['line', 'lists', 'tools'].map(part);
  const shown = new Map();
  const progress = new Map();
  let silentUntil = null;
  let told = '';
  let sessions = [];
  let drawing = null;
  let drawnAt = -DRAW_EVERY_MS;

  async function draw() {
    const owner = await ownerOfPage();
    const all = (await capturesIn([...WAITING, 'draft', 'complete'])).filter((one) => isTheirs(one, owner));
    sessions = await notesOf(`speed:${owner}:`);
    const waiting = all.filter((one) => WAITING.includes(one.state));
    const stuck = waiting.filter(needsPerson).length;
    const words = waiting.length ? `${waiting.length} waiting to send` : 'Nothing is waiting to be sent';
    if (headline.textContent && headline.textContent !== `: ${words}`) aloud.textContent = words;
    headline.textContent = `: ${words}`;
    detail.textContent = stuck ? `${plural(stuck, 'of them needs', 'of them need')} you` : '';
    detail.hidden = !stuck;
    const going = waiting.filter(mayGo);
    button.hidden = !going.length;
    tools.hidden = !waiting.length;
    part('plates').hidden = !waiting.some((one) => one.stays?.has_plate && !one.is_light);
    await sayConnection(going);
    hideOwn(new Set(all.map((one) => one.id)));
    const focused = document.activeElement?.closest('.wb-outbox__item')?.dataset.id;
    lists.replaceChildren(...GROUPS.map((group) => groupElement(group, all)).filter(Boolean));
    // A list that is drawn again must not throw away the place of whoever was in it.
    if (focused) lists.querySelector(`[data-id="${focused}"] :is(a, button)`)?.focus();
  }

  /** The line of a capture, the same element as before while nothing about it has changed. */
  function lineFor(capture) {
    const now = JSON.stringify([capture.state, capture.title, capture.problem, capture.acked, capture.sent_at, progress.get(capture.id)]);
    const before = shown.get(capture.id);
    if (before?.now === now) return before.element;
    const element = itemOf(capture, progress.get(capture.id), acts);
    shown.set(capture.id, { now, element });
    return element;
  }

  /** A draft that this phone has itself needs no second line. */
  function hideOwn(ids) {
    const others = [...page.querySelectorAll('[data-elsewhere] [data-id]')];
    others.forEach((item) => (item.hidden = ids.has(item.dataset.id)));
    if (others.length) page.querySelector('[data-elsewhere]').hidden = others.every((item) => item.hidden);
  }

  async function sayConnection(going) {
    const person = await currentPerson();
    const own = going.filter((one) => one.owner !== null).length;
    const mustSignIn = own && person && !person.is_signed_in;
    const words = told || (mustSignIn
      ? `Sign in to send ${own}.`
      : silentUntil || navigator.onLine === false
        ? 'No connection. It goes by itself while Wardbook is open.'
        : 'It goes by itself while Wardbook is open.');
    line.hidden = !told && !going.length;
    line.querySelector('p').textContent = words;
    line.querySelector('a').hidden = !mustSignIn;
  }

  function groupElement(group, all) {
    const found = all.filter(group.has).sort(newestFirst);
    if (!found.length) return null;
    const section = fragment(`
      <section class="wb-outbox__group${group.tone ? ` wb-outbox__group--${group.tone}` : ''}">
        <h2 class="govuk-heading-m">${icon(group.icon)}<span></span> <span class="wb-outbox__count"></span></h2>
        <ul class="wb-outbox__list"></ul>
      </section>`);
    const [name, count] = section.querySelectorAll('span');
    name.textContent = group.title;
    count.textContent = found.length;
    section.querySelector('ul').append(...linesFor(found));
    return section;
  }

  /** A line for each, but one for all vehicles of a session: 200 are not looked at one by one. */
  function linesFor(found) {
    const isOfMany = ({ stays, state }) => stays?.group && !['parked', 'removing'].includes(state);
    const sets = new Map();
    for (const one of found) {
      const key = isOfMany(one) ? `of ${one.stays.parent}` : one.id;
      sets.set(key, [...(sets.get(key) ?? []), one]);
    }
    return [...sets.values()].map((set) => (isOfMany(set[0]) ? itemOfMany(set) : lineFor(set[0])));
  }

  const acts = {
    // The next version of a session, or of its count, is made from what was sent of it.
    isNeeded: ({ id }) => sessions.some((one) => [one.id, one.counter.id].includes(id)),
    async open(capture) {
      if (!capture.keeps_state) await changeCapture(capture.id, reopen);
      location.assign(`${capture.opens ?? `/${capture.kind.replaceAll('_', '-')}/new?draft=`}${capture.id}`);
    },
    async remove(capture) {
      const { letGo } = await import('./let-go.js');
      told = (await letGo(capture)) ?? '';
      await again();
    },
    async forget(capture) {
      await forgetCapture(capture.id);
      await again();
    },
  };

  /** Draws at once, and what comes in quick succession together: laying out 200 lines takes longer than sending one. */
  function again() {
    const wait = Math.max(0, drawnAt + DRAW_EVERY_MS - performance.now());
    drawing ??= new Promise((resolve) => setTimeout(resolve, wait)).then(() => {
      drawing = null;
      drawnAt = performance.now();
      return draw();
    });
    return drawing.catch((error) => console.error(error));
  }

  button.addEventListener('click', () => {
    silentUntil = null;
    told = '';
    sendNow();
  });
  tools.querySelector('button').addEventListener('click', async () => {
    const { exportWaiting } = await import('./export.js');
    await exportWaiting(await ownerOfPage());
  });
  window.addEventListener('online', again);
  window.addEventListener('offline', again);
  onNews((news) => {
    if (news.silent_until) silentUntil = news.silent_until;
    else if (news.id) silentUntil = null;
    if (news.total) progress.set(news.id, news);
    else progress.delete(news.id);
    again();
  });
  await draw();
  // Whoever looks here wants it gone, and may come from choosing between two versions.
  await sendNow();
}
