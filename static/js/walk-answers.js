// The walk's own answers on this phone: who is here, conditions, streets, the end. Each change goes as the next version of
// the walk a moment later; nothing has to be saved by hand.
import { answersToSend, readAnswers, writeAnswers } from './answers.js';
import { canonical, contentOf, sha256 } from './content.js';
import { onNews, tellNews } from './news.js';
import { packOf } from './packs.js';
import { fitRows } from './rows.js';
import { adoptCapture, adopted, keepChange } from './shared-captures.js';
import { captureWith } from './store.js';
import { titleOf } from './title.js';

const KEEP_AFTER_MS = 700;
const lists = (answers) => Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, [value].flat()]));

/** What a payload says, in one spelling: rows and questions that are still empty say nothing. */
export function said(payload) {
  const filled = (values) => values.slice(0, values.findLastIndex((value) => value !== '') + 1);
  const answered = Object.entries(payload).map(([name, values]) => [name, filled(values)]).filter(([, values]) => values.length);
  return canonical(Object.fromEntries(answered));
}

/** The walk as this phone has it, or as the server had it when this phone last asked, where that is newer; null when it
 * knows none. */
export async function walkWith(id, owner) {
  const held = (await packOf('eva'))?.walks.find((walk) => walk.id === id);
  if (!held?.content) {
    const own = await captureWith(id);
    return own && !own.is_light ? own : null;
  }
  const theirs = adopted({
    id, owner, kind: 'eva', held, title: `Walk, ${held.title || held.held_on}`, payload: lists(held.content.answers),
    sha256: await sha256(canonical(held.content)), opens: '/eva/new?draft=', at: Date.now(),
  });
  const own = await adoptCapture(theirs);
  if (own === theirs) tellNews({ id });
  return own;
}

/** Puts the walk's answers into the form and keeps what is changed in it. `onKept` hears that all of it is kept, `onFailed`
 * trouble. */
export function keepAnswers(form, own, { onKept, onFailed }) {
  let timer = null;
  let writing = Promise.resolve();
  let isChanged = false;
  let known = own;
  fill(own.payload ?? lists(own.content?.answers ?? {}));

  /** What the payload does not say is emptied: the form may have shown an older version. */
  function fill(payload) {
    fitRows(form, payload);
    const whole = Object.entries(readAnswers(form)).map(([name, values]) => [name, Object.assign(values.fill(''), payload[name])]);
    writeAnswers(form, Object.fromEntries(whole));
    form.querySelectorAll('.wb-rows').forEach((set) => set.dispatchEvent(new CustomEvent('wardbook:filled')));
    form.dispatchEvent(new CustomEvent('wardbook:restored'));
  }

  /** What another tab wrote about the walk stands here too: the next change of this one would write over it. */
  async function follow() {
    const held = await captureWith(own.id);
    if (!held?.payload) return;
    known = held;
    if (isChanged || said(held.payload) === said(readAnswers(form))) return;
    fill(held.payload);
    onKept();
  }

  async function write() {
    isChanged = false;
    const content = contentOf(known, answersToSend(form), []);
    const now = { content, title: titleOf(form), at: Date.now(), payload: readAnswers(form) };
    known = await keepChange(known, { ...now, sha256: await sha256(canonical(content)) });
    tellNews({ id: own.id, wanted: true });
    onKept();
  }

  /** Whether it is kept: what failed is tried again with the next change, and when the page is hidden or seen again. */
  function keep() {
    clearTimeout(timer);
    const kept = writing.then(write).then(
      () => true,
      () => {
        isChanged = true;
        onFailed();
        return false;
      },
    );
    writing = kept;
    return kept;
  }

  /** What the server has newer comes in, unless something was just changed here: then both versions go to the choice. */
  function catchUp() {
    writing = writing.then(() => !isChanged && walkWith(own.id, own.owner)).catch(() => null);
    return writing;
  }

  function soon() {
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
  }

  const keepNow = () => isChanged && keep();
  onNews(({ id }) => {
    if (id === own.id) writing = writing.then(follow).catch(() => null);
  });
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('submit', (event) => event.preventDefault());
  window.addEventListener('pagehide', keepNow);
  document.addEventListener('visibilitychange', keepNow);
  return { keep, catchUp };
}
