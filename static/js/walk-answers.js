// The walk's own answers on this phone: who is here, conditions, streets, the end. Each change goes as the next version of
// the walk a moment later; nothing has to be saved by hand.
import { answersToSend, readAnswers, writeAnswers } from './answers.js';
import { canonical, contentOf, sha256 } from './content.js';
import { onNews, tellNews } from './news.js';
import { queue } from './outbox.js';
import { packOf } from './packs.js';
import { fitRows } from './rows.js';
import { adoptCapture, adopted, amend } from './shared-captures.js';
import { captureWith, changeCapture } from './store.js';
import { titleOf } from './title.js';

const KEEP_AFTER_MS = 700;
const lists = (answers) => Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, [value].flat()]));

/** The walk as this phone has it, or as the server had it when this phone last asked; null when it knows none. */
export async function walkWith(id, owner) {
  const own = await captureWith(id);
  if (own && !own.is_light) return own;
  const held = (await packOf('eva'))?.walks.find((walk) => walk.id === id);
  if (!held?.content) return null;
  return adoptCapture(
    adopted({
      id, owner, kind: 'eva', held, title: `Walk, ${held.title || held.held_on}`, payload: lists(held.content.answers),
      sha256: await sha256(canonical(held.content)), opens: '/eva/new?draft=', at: Date.now(),
    }),
  );
}

/** Puts the walk's answers into the form and keeps what is changed in it. `onKept` hears the capture, `onFailed` trouble. */
export function keepAnswers(form, own, { onKept, onFailed }) {
  let timer = null;
  let writing = Promise.resolve();
  let isChanged = false;
  fill(own.payload ?? lists(own.content?.answers ?? {}));

  function fill(payload) {
    fitRows(form, payload);
    writeAnswers(form, payload);
    form.querySelectorAll('.wb-rows').forEach((set) => set.dispatchEvent(new CustomEvent('wardbook:filled')));
  }

  /** What another tab wrote about the walk stands here too: the next change of this one would write over it. */
  async function follow() {
    const held = await captureWith(own.id);
    if (isChanged || !held?.payload || canonical(held.payload) === canonical(readAnswers(form))) return;
    fill(held.payload);
    onKept(held);
  }

  async function write() {
    const before = await captureWith(own.id);
    isChanged = false;
    const content = contentOf(before, answersToSend(form), []);
    const now = { content, title: titleOf(form), at: Date.now(), payload: readAnswers(form) };
    const hash = (now.sha256 = await sha256(canonical(content)));
    if (hash === before.content_sha256 && before.state !== 'draft') return;
    const after = await changeCapture(own.id, (one) => (one.state === 'draft' ? queue({ ...one, payload: now.payload }, now) : amend(one, now)));
    tellNews({ id: own.id, wanted: true });
    onKept(after);
  }

  function keep() {
    clearTimeout(timer);
    timer = null;
    writing = writing.then(write).catch((error) => {
      isChanged = true;
      onFailed(error);
    });
    return writing;
  }

  function soon() {
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
  }

  const keepNow = () => timer && keep();
  onNews(({ id }) => {
    if (id === own.id) writing = writing.then(follow).catch(() => null);
  });
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('submit', (event) => event.preventDefault());
  window.addEventListener('pagehide', keepNow);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keepNow());
  // What a draft held goes on its way now that its walk is open again.
  if (own.state === 'draft') soon();
  return { keep };
}
