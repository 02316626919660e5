// The end of a session: when it ended, and what is said of it as a whole. What is typed here is kept when somebody goes back to the
// log, and comes again, with the server's sentences, when it was not taken.
import { inLondon, londonDay } from './london.js';
import { IN_WORDS, standsIn, withoutPlates } from './plates-in-words.js';
import { MOST_COUNTED } from './speed-counter.js';
import { isDayOver } from './speed-day.js';
import { changeAnswers } from './speed-ending.js';
import { lengthWords } from './speed-figures.js';
import { isBegun } from './speed-keys.js';
import { reasonOf, rowsOf } from './speed-rows.js';
import { endName, entryOf } from './speed-session.js';
import { note, noted } from './store.js';

export { IN_WORDS, standsIn } from './plates-in-words.js';
export { thanksPage } from './speed-thanks.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
// A session is 1 to 2 hours.
const LONG_MS = 4 * 3_600_000;
const KEEP_AFTER_MS = 300;
const NOT_KEPT = 'This phone cannot keep the end. Free some space, then press it again.';
const BEFORE_IT_BEGAN = 'The session cannot end before it began. Check the time.';
const NOT_YET = 'That time has not come yet. Check it.';
const NO_END = 'Enter when it ended.';
const NO_START = 'Enter when it began.';
const NO_COUNT = `Enter a whole number up to ${MOST_COUNTED.toLocaleString('en-GB')}, or leave it empty.`;
const HALF_TYPED = 'A vehicle on the log is half typed, and is not kept when the session ends. Go back to the log and save it, or press again to end without it.';
const isLong = (length) => `That is ${length} after it began. Check the time. If it is so, press again.`;
const TEXTS = ['incidents', 'stopped_early', 'dark_reason'];

const clockTime = (at) => inLondon(at).time;

/** The moment of a clock time in London on the day on which a session began, or on the next one where it is past midnight. */
export function endedAt(beganAt, time, now = new Date()) {
  const day = londonDay(beganAt);
  // What was not changed is the moment itself: clocks that went back meanwhile change nothing about it.
  if (time === clockTime(now) && now.getTime() > Date.parse(beganAt) && !isDayOver(day, now)) return now;
  const sameDay = londonMoment(day, time);
  if (sameDay.getTime() > Date.parse(beganAt)) return sameDay;
  const next = londonMoment(dayAfter(day), time);
  return next <= now ? next : sameDay;
}

/** The newest moment of a clock time in London that has come. */
export function beganAt(time, now = new Date()) {
  const today = londonMoment(londonDay(now), time);
  return today <= now ? today : londonMoment(dayAfter(londonDay(now), -1), time);
}

const dayAfter = (day, days = 1) => new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

function londonMoment(day, time) {
  const guess = new Date(`${day}T${time}:00Z`);
  // London is at most an hour ahead.
  const [shown, hours] = [clockTime(guess), time].map((one) => Number(one.split(':')[0]));
  return new Date(guess.getTime() - ((shown - hours + 24) % 24) * 3_600_000);
}

/** `problem` is what the server said where it did not take the session. */
export async function endPage(page, session, { onEnded, onBack, problem = null }) {
  const form = page.part('end');
  const part = (name) => form.querySelector(`[data-end="${name}"]`);
  const field = (name) => form.elements[name];
  const isOver = isDayOver(session.held_on);
  // The clock was put right since: nothing could end after such a start.
  const isAhead = Date.parse(session.began_at) >= Date.now();
  const [rows, typed, entry] = await Promise.all([rowsOf(session), noted(endName(session.owner, session.id)), entryOf(session)]);
  const isHalfTyped = Boolean(entry && (isBegun(entry.entry) || entry.fixing || entry.aside));
  let timer = null;
  let isBusy = false;
  let doubted = '';

  function draw() {
    form.reset();
    part('joined').hidden = !session.is_joined;
    part('for-all').hidden = session.is_joined;
    part('late').hidden = !isOver;
    for (const name of ['ahead', 'began-group']) part(name).hidden = !isAhead;
    part('of-the-dark').hidden = !session.answers.dark_reason;
    part('began').textContent = isAhead ? '' : `It began at ${clockTime(session.began_at)}.`;
    part('counted').textContent = session.counted === null ? 'Leave it empty if nobody counted.' : `This phone counted ${session.counted}. Leave it empty, and what phones counted is added up.`;
    part('back').href = `/speed-watch/log?id=${session.id}`;
    part('back').textContent = session.ended_at ? 'Go back, and leave it as it is' : 'Back to the log';
    part('back').parentElement.hidden = isOver && !isHalfTyped && !session.ended_at;
    const answer = (name) => typed?.[name] ?? session.answers[name]?.[0] ?? '';
    for (const name of ['total_counted', ...TEXTS]) field(name).value = answer(name);
    for (const one of form.querySelectorAll('[name="has_all_speeds"]')) one.checked = one.value === answer('has_all_speeds');
    field('began_at').value = typed?.began_at ?? '';
    field('ended_at').value = typed?.ended_at || (known.length ? clockTime(known[0]) : isOver ? '' : clockTime(new Date()));
    for (const one of form.querySelectorAll('.govuk-error-message')) one.hidden = true;
    showRefused();
    doubt([]);
  }

  // Moments that the phone knows to the second; what is typed has minutes only. The minute that is proposed when the page opens
  // stands for that moment, even once the minute is over: it may be the one in which the session began.
  const known = [session.ended_at, isOver && rows.at(-1)?.at].filter(Boolean);
  const proposed = isOver ? [] : [new Date().toISOString()];

  function endOf(start, time) {
    const moment = [...known, ...proposed].find((one) => clockTime(one) === time && one > start);
    return moment ? new Date(moment) : endedAt(start, time);
  }

  function showRefused() {
    const errors = problem?.errors ?? {};
    const sentences = problem?.errors ? Object.values(errors).flat() : [reasonOf(problem)];
    part('refused').hidden = !problem;
    part('refused').querySelector('ul').replaceChildren(...sentences.map((words) => Object.assign(document.createElement('li'), { textContent: words })));
    for (const [name, said] of Object.entries(errors)) if (part(`${name}-problem`)) wrong(name, [said].flat().join(' '));
  }

  function wrong(name, words) {
    part(`${name}-problem`).hidden = !words;
    part(`${name}-problem`).textContent = words ?? '';
  }

  /** Says what is unlikely, once: true when it had been said before, or nothing is. */
  function doubt(sentences) {
    const words = sentences.join(' ');
    const isKnown = !words || words === doubted;
    doubted = words;
    part('doubts').hidden = !words;
    part('doubts').querySelector('p').textContent = words;
    return isKnown;
  }

  /** What is typed outlives the way back to the log, without plates. */
  function keepTyped() {
    clearTimeout(timer);
    timer = null;
    const value = (name) => field(name).value;
    // Whoever goes back to the log ends it later.
    const kept = { ended_at: isOver || isAhead ? value('ended_at') : '', ...Object.fromEntries(['began_at', 'has_all_speeds', 'total_counted'].map((name) => [name, value(name)])) };
    for (const name of TEXTS) kept[name] = withoutPlates(value(name));
    return note(endName(session.owner, session.id), kept).catch(() => null);
  }

  const began = () => (isAhead ? field('began_at').value && beganAt(field('began_at').value).toISOString() : session.began_at);

  function problemsOf(start, at) {
    const total = field('total_counted').value.trim();
    const isBefore = start && at && at.getTime() <= Date.parse(start);
    const isToCome = at && at.getTime() > Date.now() + MINUTE_MS;
    return {
      began_at: start ? '' : NO_START,
      ended_at: !field('ended_at').value ? NO_END : isBefore ? BEFORE_IT_BEGAN : isToCome ? NOT_YET : '',
      total_counted: total && !(/^\d{1,5}$/.test(total) && Number(total) <= MOST_COUNTED) ? NO_COUNT : '',
      ...Object.fromEntries(TEXTS.map((name) => [name, standsIn(field(name).value) ? IN_WORDS : ''])),
    };
  }

  async function end() {
    const start = began();
    const at = start && field('ended_at').value ? endOf(start, field('ended_at').value) : null;
    const problems = problemsOf(start, at);
    Object.entries(problems).forEach(([name, words]) => wrong(name, words));
    const first = Object.keys(problems).find((name) => problems[name]);
    if (first) return field(first).focus();
    const length = at.getTime() - Date.parse(start);
    if (!doubt([...(isHalfTyped ? [HALF_TYPED] : []), ...(length > LONG_MS ? [isLong(lengthWords(Math.floor(length / MINUTE_MS)))] : [])])) return null;
    clearTimeout(timer);
    timer = null;
    try {
      onEnded(await changeAnswers(session, page, session.is_joined ? {} : answersNow(start, at), noteNow(start, at)));
    } catch {
      part('not-kept').hidden = false;
      part('not-kept').textContent = NOT_KEPT;
    }
    return null;
  }

  function answersNow(start, at) {
    const [year, month, day] = londonDay(start).split('-').map((one) => `${Number(one)}`);
    const corrected = isAhead ? { began_moment: [start], 'held_on-day': [day], 'held_on-month': [month], 'held_on-year': [year] } : {};
    const typedNow = ['total_counted', 'has_all_speeds', ...TEXTS].map((name) => [name, [field(name).value.trim()]]);
    return { ...corrected, ended_moment: [at.toISOString()], ...Object.fromEntries(typedNow) };
  }

  function noteNow(start, at) {
    const total = field('total_counted').value.trim();
    const hasAll = session.is_joined ? null : field('has_all_speeds').value === 'yes';
    return { began_at: start, ended_at: at.toISOString(), ended_press: Date.now(), has_all_speeds: hasAll, total: total ? Number(total) : null };
  }

  form.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(keepTyped, KEEP_AFTER_MS);
  };
  window.onpagehide = () => timer && keepTyped();
  form.onsubmit = (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    end().finally(() => (isBusy = false));
  };
  part('back').onclick = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    if (timer) await keepTyped();
    onBack(session);
  };
  page.show('end');
  draw();
  form.querySelector('h1').focus();
  window.scrollTo(0, 0);
}
