// The thanks for a session: what this phone knows of it by itself, what is still to be sent, and what was not taken, to be corrected.
import { fragment, icon } from './dom.js';
import { onNews } from './news.js';
import { WAITING } from './outbox.js';
import { isDayOver } from './speed-day.js';
import { changeAnswers } from './speed-ending.js';
import { lengthWords, summary } from './speed-figures.js';
import { reasonOf, rowsOf, STAYS } from './speed-rows.js';
import { capturesOf, opensAt } from './speed-session.js';

// As long as an end that was pressed by mistake can be taken back here.
const AGAIN_WITHIN_MS = 1_800_000;
const NOT_TAKEN = (count) => `${count} of it ${count === 1 ? 'was' : 'were'} not taken. Correct what stands here: until then it is on this phone only.`;
const ON_PHONE = (count) =>
  `${count} still on this phone. ${count === 1 ? 'It goes by itself' : 'They go by themselves'} when there is a signal, while Wardbook is open.`;
const FOR_ITS_SESSION = (count) => `All of it was sent. ${count} of it ${count === 1 ? 'waits' : 'wait'} at Wardbook until the phone that began the session has sent it.`;
const FOR_AN_OFFICER = (count) => `All of it was sent. An officer decides about ${count} of it: its session is missing, or your role has ended.`;
const NOT_KEPT = 'This phone cannot keep that it goes on. Free some space, then press it again.';
const ALL_SENT = 'All of it was sent. No plate of it is on this phone any more.';

/** What became of a session's captures, in a sentence: `{ tone, mark, words }`. */
export function stateOf(held) {
  const count = (isMeant) => held.filter(isMeant).length;
  const found = [
    [count(({ state, problem }) => state === 'parked' && problem?.code !== STAYS), 'act', 'warning', NOT_TAKEN],
    [count(({ state }) => state !== 'parked' && WAITING.includes(state)), 'phone', 'device', ON_PHONE],
    [count(({ receipt }) => receipt?.state === 'officer'), 'act', 'warning', FOR_AN_OFFICER],
    [count(({ receipt }) => receipt?.state === 'parent'), 'phone', 'clock', FOR_ITS_SESSION],
  ].find(([many]) => many);
  return found ? { tone: found[1], mark: found[2], words: found[3](found[0]) } : { tone: 'success', mark: 'sent', words: ALL_SENT };
}

export async function thanksPage(page, session, onAgain, isJustEnded) {
  const element = page.part('thanks');
  const part = (name) => element.querySelector(`[data-thanks="${name}"]`);
  const rows = await rowsOf(session);
  const found = summary({
    speeds: rows.map(({ speed }) => speed), threshold: session.threshold, counted: session.total ?? session.counted, crew: session.crew,
    beganAt: session.began_at, endedAt: session.ended_at, hasAllSpeeds: session.has_all_speeds,
  });
  part('where').textContent = `${session.site.name}, ${new Date(session.began_at).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })}`;
  part('lead').textContent = `${lengthWords(found.minutes)} by the road. Thank you for being there.`;
  const few = found.isFew ? `, of ${found.logged} only: too few to say much` : '';
  const figures = [
    ['Vehicles counted', found.counted ?? 'Not counted'],
    ['Speeds logged', found.logged],
    [`At ${session.threshold} mph or more`, found.recorded],
    ['Fastest', found.fastest === null ? 'None logged' : `${found.fastest} mph`],
    ...(found.mean === null
      ? [['Average, 85th percentile', 'Only when every speed is logged']]
      : [['Average speed', `${found.mean} mph${few}`], ['85th percentile', `${found.percentile85} mph${few}`]]),
    ...(found.volunteerMinutes === null ? [] : [['Given by volunteers', `${lengthWords(found.volunteerMinutes)} by ${session.crew} people`]]),
  ];
  part('figures').replaceChildren(...figures.map(([name, value]) => {
    const row = fragment('<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key"></dt><dd class="govuk-summary-list__value"></dd></div>');
    row.firstElementChild.textContent = name;
    row.lastElementChild.textContent = value;
    return row;
  }));
  part('bands').querySelector('tbody').replaceChildren(...found.bands.map(({ words, count }) => {
    const row = document.createElement('tr');
    row.className = 'govuk-table__row';
    row.innerHTML = '<th scope="row" class="govuk-table__header"></th><td class="govuk-table__cell govuk-table__cell--numeric"></td>';
    row.firstElementChild.textContent = words;
    row.lastElementChild.textContent = count;
    return row;
  }));
  part('own').textContent = 'These are the figures of this phone. The session’s own page adds up all of them.';
  const again = part('again');
  again.hidden = Date.now() - session.ended_press > AGAIN_WITHIN_MS || isDayOver(session.held_on);
  again.onclick = goOn;

  async function goOn() {
    // Two taps go on once.
    again.onclick = null;
    try {
      const opened = await changeAnswers(session, page, { ended_moment: [] }, { ended_at: null });
      stop();
      onAgain(opened);
    } catch {
      again.onclick = goOn;
      say({ tone: 'act', mark: 'warning', words: NOT_KEPT });
    }
  }

  function say({ tone, mark, words }) {
    const note = part('state');
    note.className = `wb-note wb-note--${tone}`;
    note.firstElementChild.innerHTML = icon(mark);
    note.querySelector('p').textContent = words;
  }

  async function sayState() {
    const held = await capturesOf(session);
    say(stateOf(held));
    part('wrong').replaceChildren(...held.filter(({ state }) => state === 'parked').map(wrongItem));
  }

  /** A count has nothing to correct, nor has what is gone at the server or stays there: what can be done about them stands in the outbox. */
  function wrongItem({ id, kind, title, problem }) {
    const isHere = kind !== 'traffic_count' && !['gone', STAYS].includes(problem?.code);
    const item = fragment('<li><a class="govuk-link wb-cell-link"></a><span class="wb-quiet"></span></li>');
    item.firstElementChild.href = problem?.compare_url ?? (isHere ? `${opensAt(session.id)}${id}` : '/outbox');
    item.firstElementChild.textContent = isHere ? `Correct: ${title}` : title;
    item.lastElementChild.textContent = reasonOf(problem);
    return item;
  }

  let timer = null;
  const stop = onNews(() => {
    timer ??= setTimeout(() => {
      timer = null;
      sayState();
    }, 300);
  });
  await sayState();
  if (!isJustEnded) return;
  element.querySelector('h1').focus();
  window.scrollTo(0, 0);
}
