// The log of speed-watch on a phone, without a connection from begin to end: which of its four pages is shown. All of it is what
// the phone's store holds; what is captured goes through the one outbox.
import { ownerOfPage } from './person.js';
import { isDayOver } from './speed-day.js';
import { forgetOldEntries } from './speed-entry.js';
import { logScreen } from './speed-screen.js';
import { noteName } from './speed-session.js';
import { captureWith, noted } from './store.js';

const canKeep = () => noted('person').then(() => true, () => false);

const theEnd = () => import('./speed-end.js');

export default async function speedLog(element) {
  let goesOn = null;
  const page = {
    part: (name) => element.querySelector(`[data-speed="${name}"]`),
    madeAt: element.dataset.madeAt,
    version: (kind) => JSON.parse(element.dataset.versions)[kind],
    directionWords: (value) => JSON.parse(element.dataset.directions)[value] ?? '',
    /** Shows one of start, log, end and thanks. */
    show(name) {
      for (const one of ['start', 'log', 'end', 'thanks']) page.part(one).hidden = one !== name;
      document.body.classList.toggle('is-logging', name === 'log');
      document.documentElement.classList.toggle('is-logging', name === 'log');
    },
    async end(session, problem = null) {
      const { endPage } = await theEnd();
      return endPage(page, session, { onEnded: page.thank, onBack: (one) => (one.ended_at ? page.thank(one, false) : page.log(one)), problem });
    },
    async thank(session, isJustEnded = true) {
      const { thanksPage } = await theEnd();
      history.replaceState(null, '', `?id=${session.id}`);
      page.show('thanks');
      return thanksPage(page, session, page.log, isJustEnded);
    },
    async log(session, { isNew = false, openId = null } = {}) {
      page.show('log');
      goesOn = session.ended_at ? null : session;
      await logScreen(page, session, isNew, openId);
      // The signal may be gone by the time it ends.
      await theEnd();
    },
  };
  const asked = new URLSearchParams(location.search);
  if (!(await canKeep())) {
    page.show('start');
    page.part('start').querySelector('[data-start="not-kept"]').hidden = false;
    return;
  }
  const owner = await ownerOfPage();
  await forgetOldEntries(asked.has('open') ? asked.get('id') : null);
  const session = asked.get('id') && (await noted(noteName(owner, asked.get('id'))));
  if (!session) {
    page.show('start');
    const { beginPage } = await import('./speed-begin.js');
    return beginPage(page, owner, Boolean(asked.get('id')));
  }
  // A refresh is no new session.
  if (asked.has('new')) history.replaceState(null, '', `?id=${session.id}`);
  // A phone that was put away overnight is asked for the end only.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && !page.part('log').hidden && goesOn && isDayOver(goesOn.held_on)) location.reload();
  });
  return open(page, session, asked);
}

/** Opens what is next: a vehicle to correct, an end that was not taken, the thanks, the end of a day that is over, or the log. */
async function open(page, session, asked) {
  const opened = await captureWith(asked.get('open') ?? '');
  if (opened?.stays?.parent === session.id) return page.log(session, { openId: opened.id });
  if (session.ended_at && opened?.id === session.id && opened.state === 'parked') return page.end(session, opened.problem);
  if (session.ended_at) return page.thank(session, false);
  return isDayOver(session.held_on) ? page.end(session) : page.log(session, { isNew: asked.has('new') });
}
