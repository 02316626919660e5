// The logging screen: one vehicle after the other, by thumb, with every key in its place. What is saved is a row at once, and
// the boxes are empty for the next one before the row is on the disk; a row that the phone could not keep is tried again.
import { newUuid } from './identity.js';
import { onNews, tellNews } from './news.js';
import { entryKeeper } from './speed-entry.js';
import { choose, EMPTY, isBegun, isClosed, press, question, warningOnTheWay } from './speed-keys.js';
import { rowList } from './speed-list.js';
import { forgetTakenOut, readingOf, reasonOf, rowsOf } from './speed-rows.js';
import { changeSession, entryOf } from './speed-session.js';
import { sheets } from './speed-sheets.js';
import { onKeys, onTap } from './speed-taps.js';
import { trafficCounter } from './speed-traffic.js';
import { speedView } from './speed-view.js';
import { captureWith, note, noted } from './store.js';
import { stayAwake } from './wake-lock.js';

// As long as a hand may still be on the key that it has just pressed.
const QUIET_MS = 400;
const DRAWN_WITHIN_MS = 50;
const WARN_MINUTES = 120;
const MINUTE_MS = 60_000;
const NOT_KEPT = 'This phone could not keep the last vehicle. Free some space: it is tried again. Leave this page open.';
const TAKEN = 'Another tab corrected that vehicle first. Save this as a new one, or take it off.';
const TWO_HOURS = 'Two hours are over. Rest, or end the session. You can go on logging.';
const ASLEEP = 'This phone may let its screen sleep. Set a longer time in its own settings.';

const spelled = (minutes) => `${Math.floor(minutes / 60)}:${`${minutes % 60}`.padStart(2, '0')}`;

export async function logScreen(page, begun, isNew, openId) {
  const element = page.part('log');
  const { threshold, limit } = begun;
  const held = { session: begun };
  const view = speedView(element, { threshold, directionWords: page.directionWords });
  const { part, aloud, dayOf } = view;
  const sheet = sheets(element);
  const control = new AbortController();
  const keeper = entryKeeper(begun, entryNow);
  const first = await rowsOf(begun);
  let entry = EMPTY;
  // When it passed; the row that is corrected; what was begun before somebody corrected another.
  let at = null;
  let fixing = null;
  let aside = null;
  let asked = [];
  let isAsking = false;
  let hasWarned = false;
  let isOver = false;

  const isLate = () => list.pending().some((made) => made.isLate);
  // What is not kept is said until it is.
  const say = (sentence) => view.say(sentence || (isLate() ? NOT_KEPT : ''));
  const traffic = trafficCounter(held, page, { ...view, say });
  const drawEntry = () => view.drawEntry(entry, fixing, dayOf(at));
  const draw = (rows, undone) => view.drawRows(rows, { undone, isFixing: Boolean(fixing) });
  const list = rowList(held, first, { draw, dayOf, say, aloud, settled, changed: () => traffic.changed() });
  let lastNumber = Math.max(begun.number, list.last());
  const vehicleNow = () => fixing?.vehicle || held.session.vehicle;
  const directionNow = () => fixing?.direction || held.session.direction;
  const drawRemembered = () =>
    view.drawRemembered({ vehicle: vehicleNow(), direction: directionNow(), directions: held.session.site.directions, isSpokenBack: held.session.is_spoken_back });

  function type(key) {
    const before = entry;
    const { entry: next, said } = press(entry, key, threshold);
    change(next);
    say(said || (next.plate === before.plate ? '' : warningOnTheWay(next, dayOf(at))));
  }

  function change(next) {
    if (!isBegun(entry) && isBegun(next)) at = new Date().toISOString();
    entry = next;
    asked = [];
    drawEntry();
    keeper.soon();
  }

  /** What is half typed, or what is not on the disk yet: without the plate of a vehicle that has none to give. */
  function entryNow() {
    const [made] = list.pending();
    const of = (typed, more) => ({ entry: isClosed(typed, threshold) ? { ...typed, plate: '' } : typed, ...more });
    if (isBegun(entry) || fixing) return of(entry, { at, fixing, aside });
    return made ? of(made.entry, { at: made.draft.stays.at, fixing: made.instead, aside: null, saving: made.draft.id }) : null;
  }

  function nextVehicle() {
    [entry, at, fixing] = aside ? [aside.entry, aside.at, null] : [EMPTY, null, null];
    aside = null;
    asked = [];
  }

  function drawNext() {
    drawEntry();
    drawRemembered();
    list.show();
  }

  const isQuiet = () => element.classList.contains('is-quiet');

  /** The second tap of a hand that shakes does nothing. */
  function beQuiet() {
    element.classList.add('is-quiet');
    setTimeout(() => element.classList.remove('is-quiet'), QUIET_MS);
  }

  async function save() {
    if (isAsking || isQuiet()) return;
    const found = question(entry, { threshold, limit, day: dayOf(at), wasAsked: asked, hadPlate: Boolean(fixing?.had_plate) });
    if (found?.code === 'no_speed') return say(isBegun(entry) || fixing ? found.words : 'The next vehicle: type its speed.');
    if (found) {
      isAsking = true;
      const isYes = await sheet.ask(found);
      isAsking = false;
      if (!isYes) return type(found.code === 'doubtful' ? 'to-speed' : 'to-plate');
      asked.push(found.code);
      return save();
    }
    const about = { id: newUuid(), number: fixing?.number ?? (lastNumber += 1), at: fixing?.at ?? at ?? new Date().toISOString(), vehicle: vehicleNow(), direction: directionNow() };
    const made = { draft: readingOf(held.session, page, entry, about), entry, instead: fixing };
    // Whoever corrected a row has what they were typing before in the boxes again.
    if (fixing) beQuiet();
    say('');
    nextVehicle();
    keeper.not();
    // Most disks are faster than a slow phone draws: then it draws once.
    const isSlow = setTimeout(drawNext, DRAWN_WITHIN_MS);
    await list.keep(made);
    clearTimeout(isSlow);
  }

  /** What became of a row: kept, not kept yet, or taken by another tab. */
  function settled(made, outcome) {
    if (outcome === 'taken') bringBack(made);
    drawNext();
    if (made.wasLate && outcome === 'kept') say('');
    made.wasLate = made.isLate;
    // What was typed meanwhile: a row's own write has cleared what was noted before it.
    if (entryNow() || document.hidden) keeper.soon();
    if (outcome !== 'kept') return say(outcome === 'taken' ? TAKEN : NOT_KEPT);
    aloud(`Saved: ${made.entry.speed} miles per hour`);
    traffic.changed();
    tellNews({ id: made.draft.id, wanted: true });
    leaveCorrected();
  }

  function bringBack({ entry: typed, draft }) {
    const seen = draft.stays.at;
    if (isBegun(entry) || fixing) aside ??= { entry: typed, at: seen };
    else [entry, at] = [typed, seen];
  }

  /** Takes the newest row out, or puts back what was taken out a moment ago, or leaves a row that is corrected as it was. */
  async function undo() {
    if (isQuiet()) return;
    beQuiet();
    return fixing ? leaveRow() : list.undo();
  }

  /** Leaves the row that is corrected. */
  function leaveRow() {
    nextVehicle();
    keeper.soon();
    drawNext();
    leaveCorrected();
  }

  /** Brings a row back into the boxes; what was being typed waits aside. */
  async function correct(row) {
    const capture = await list.captureOf(row);
    if (!capture) return;
    if (!aside && isBegun(entry) && !fixing) aside = { entry, at };
    const plate = capture.payload?.plate?.[0] ?? '';
    const hadPlate = row.hasPlate && !plate;
    fixing = { id: row.id, number: row.number, at: row.at, vehicle: row.vehicle, direction: row.direction, had_plate: hadPlate };
    at = row.at;
    entry = { ...EMPTY, speed: `${row.speed}`, plate, cursor: hadPlate ? 'plate' : 'speed', isFresh: true, confidence: row.confidence || 'certain', colour: row.colour, make: row.make };
    list.forgetUndone();
    drawEntry();
    drawRemembered();
    if (hadPlate) say(`Its plate was sent and is here no more. Type it again${row.mask ? `: ${row.mask}` : ''}.`);
    keeper.soon();
  }

  async function openRows() {
    part('sheet-rows').replaceChildren(...list.offered().map(view.sheetRow));
    const [act, id] = (await sheet.open('rows')).split(' ');
    const row = list.row(id);
    if (row && act === 'correct') await correct(row);
    if (row && act === 'out' && (await list.takeOut(row)) && fixing?.id === id) leaveRow();
  }

  /** What the next rows have too; for a row that is corrected it is that row's own. */
  async function remember(changes) {
    const isOfRow = fixing && !('is_spoken_back' in changes);
    if (isOfRow) fixing = { ...fixing, ...changes };
    else held.session = { ...held.session, ...changes };
    drawRemembered();
    if (isOfRow) return keeper.soon();
    held.session = await changeSession(held.session, (before) => ({ ...before, ...changes })).catch(() => held.session);
  }

  function turn() {
    const { directions } = held.session.site;
    const direction = directions[(directions.indexOf(directionNow()) + 1) % directions.length];
    remember({ direction });
    aloud(page.directionWords(direction));
  }

  const isLeftHanded = async () => (await noted('hand').catch(() => null)) === 'left';

  async function menu() {
    const chosen = await sheet.open('menu');
    if (chosen === 'spoken') await remember({ is_spoken_back: !held.session.is_spoken_back });
    if (chosen === 'end') await leave();
    if (chosen !== 'hand') return;
    const isLeft = !(await isLeftHanded());
    await note('hand', isLeft ? 'left' : 'right').catch(() => null);
    view.putHands(isLeft);
  }

  async function leave() {
    if (isLate()) return say(NOT_KEPT);
    await keeper.now();
    await traffic.tellNow();
    stop();
    page.end(held.session);
  }

  /** A vehicle of a session that is over was opened alone: then its thanks come again. */
  function leaveCorrected() {
    if (!begun.ended_at || entryNow()) return;
    stop();
    page.thank(held.session, false);
  }

  async function chooseFrom(name, act) {
    const value = await sheet.open(name);
    if (value) await act(value);
  }

  /** What passes a session that is over is no traffic of it. */
  const count = (step) => begun.ended_at || traffic.count(step);

  const CHOICES = {
    undo, rows: openRows, save, menu, direction: turn,
    plus: () => count(1),
    minus: () => count(-1),
    colours: () => chooseFrom('colours', (value) => change(choose(entry, 'colour', value))),
    makes: () => chooseFrom('makes', (value) => change(choose(entry, 'make', value))),
    types: () => chooseFrom('types', (vehicle) => remember({ vehicle })),
    other: () => chooseFrom('other', type),
  };

  function drawClock() {
    if (begun.ended_at) return (part('clock').textContent = 'It is over.');
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(begun.began_at)) / MINUTE_MS));
    const isLong = minutes >= WARN_MINUTES;
    part('clock').textContent = isLong ? `${spelled(minutes)}: time to stop` : `${spelled(minutes)} of 2:00`;
    part('head').classList.toggle('is-long', isLong);
    if (isLong && !hasWarned) say(TWO_HOURS);
    return (hasWarned = isLong);
  }

  function putAway() {
    keeper.now();
    traffic.tellNow();
  }

  const drawWaiting = () => (part('waiting').textContent = document.documentElement.dataset.waiting ?? '0');
  const isShown = () => !isOver && !element.hidden;

  function stop() {
    isOver = true;
    stopNews();
    list.stop();
    letSleep();
    waits.disconnect();
    clearInterval(ticking);
    control.abort();
  }

  onTap(element, '[data-key]', (button) => isShown() && type(button.dataset.key), { isKey: true });
  onTap(element, '[data-do]', (button) => isShown() && CHOICES[button.dataset.do]());
  onTap(element, '.wb-log__tiles :is([data-colour], [data-make])', ({ dataset }) => {
    const name = dataset.colour ? 'colour' : 'make';
    if (isShown()) change(choose(entry, name, dataset[name]));
  });
  onKeys(() => isShown() && !element.querySelector('dialog[open]'), (key) => (key === 'enter' ? save() : type(key)));
  // In another tab: what is half typed here is gone from the disk, and stays gone.
  const stopNews = onNews((news) => {
    if (!news.signed_out) return;
    stop();
    keeper.not();
  });
  window.addEventListener('pagehide', keeper.now, { signal: control.signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && putAway(), { signal: control.signal });
  window.addEventListener('beforeunload', (event) => isLate() && event.preventDefault(), { signal: control.signal });
  const waits = new MutationObserver(drawWaiting);
  waits.observe(document.documentElement, { attributeFilter: ['data-waiting'] });
  const ticking = setInterval(drawClock, MINUTE_MS / 4);
  const letSleep = stayAwake((state) => {
    part('awake').textContent = state === 'on' ? 'The screen stays awake.' : ASLEEP;
    if (state === 'none') say(ASLEEP);
  });

  part('limit').textContent = limit;
  part('title').textContent = begun.site.name;
  part('from').textContent = `Plates from ${threshold} up.`;
  part('code').textContent = begun.join_code;
  const kept = await entryOf(begun).catch(() => null);
  // It was on its way to the disk when the page went, and has arrived.
  const isSaved = kept?.saving && (await captureWith(kept.saving));
  if (isSaved) keeper.soon();
  else if (kept) [entry, at, fixing, aside] = [kept.entry, kept.at, kept.fixing, kept.aside];
  view.putHands(await isLeftHanded());
  drawEntry();
  list.show();
  drawRemembered();
  drawWaiting();
  drawClock();
  traffic.changed();
  forgetTakenOut().catch(() => null);
  view.focus();
  const { state, problem } = (await captureWith(begun.id)) ?? {};
  if (state === 'parked') say(`The session itself was not taken. ${reasonOf(problem)} What you log is kept.`);
  const wanted = list.row(openId);
  if (wanted && fixing?.id !== openId) await correct(wanted);
  if (wanted?.why) say(wanted.why);
  if (isNew) await menu();
}
