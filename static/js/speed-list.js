// The vehicles that this phone logged, as its screen lists them: kept or tried again, taken out and put back, and how far each
// has got. Of what was sent it remembers what may be shown: never a plate, only its mask.
import { onNews } from './news.js';
import { forgetTakenOut, GRACE_MS, putRowBack, rowOf, rowsOf, saveRow, STAYS, takeRowOut } from './speed-rows.js';
import { SHOWN } from './speed-view.js';
import { captureWith, capturesIn } from './store.js';

const AGAIN_MS = 3000;
const LOOK_AFTER_MS = 300;
const ELSEWHERE = 'That was sent on, and cannot be taken back here. Say it at the check.';
const TOO_LATE = 'It is too late to put it back.';

const pick = (row) => row && { mask: row.mask };
const isSettled = ({ state }) => !['writing', 'unkept'].includes(state);

/**
 * `held.session` is the session as it is noted. `draw(rows, undone)` shows them, `say` and `aloud` tell, `changed()` hears that
 * there are more or fewer, and `settled(made, outcome)` what became of a row: 'kept', 'unkept' as long as the disk takes nothing,
 * or 'taken' where another tab was faster.
 */
export function rowList(held, first, { draw, dayOf, say, aloud, changed, settled }) {
  const pending = new Set();
  let rows = first;
  let undone = null;
  let isLooking = false;

  const show = () => draw(rows, undone);

  /** Puts a row into its place, or into that of the one for which it stands. */
  function put(row, insteadOf = row.id) {
    const index = rows.findIndex(({ id }) => id === row.id || id === insteadOf);
    if (index < 0) rows.push(row);
    else rows[index] = row;
  }

  /** Keeps a row, which stands in the list from now on. */
  async function keep(made) {
    const { draft, instead } = made;
    const row = { ...rowOf(draft, dayOf(draft.stays.at)), state: 'writing' };
    undone = null;
    pending.add(made);
    put(row, instead?.id);
    const session = await saveRow(held.session, draft, instead).catch(() => undefined);
    const outcome = session ? 'kept' : session === null ? 'taken' : 'unkept';
    made.isLate = outcome === 'unkept';
    if (outcome === 'unkept') {
      put({ ...row, state: 'unkept' });
      setTimeout(() => keep(made), AGAIN_MS);
    } else pending.delete(made);
    if (outcome === 'kept') {
      held.session = session;
      put({ ...row, state: 'queued' });
    }
    if (outcome === 'taken') {
      rows = rows.filter(({ id }) => id !== row.id);
      await readAgain();
    }
    settled(made, outcome);
  }

  async function readAgain(more) {
    const known = new Map([...rows, more].filter(Boolean).map((one) => [one.id, one]));
    const found = await rowsOf(held.session);
    const isFound = new Set(found.map(({ id }) => id));
    const onTheirWay = rows.filter((one) => !isSettled(one) && !isFound.has(one.id));
    rows = [...found.map((one) => (one.isWhole ? one : { ...one, ...pick(known.get(one.id)) })), ...onTheirWay];
  }

  /** Takes the newest row out, or puts back what was taken out a moment ago. */
  async function undo() {
    if (undone) await putBack(undone);
    else if (rows.length) await takeOut(rows.at(-1));
  }

  async function putBack(row) {
    forgetUndone();
    const session = await putRowBack(held.session, row.id).catch(() => null);
    if (!session) return say(TOO_LATE);
    held.session = session;
    await readAgain(row);
    show();
    changed();
    aloud(`Put back: ${row.speed} miles per hour`);
  }

  async function takeOut(row) {
    if (!isSettled(row)) return false;
    const session = await takeRowOut(held.session, row.id).catch(() => null);
    if (!session) return void say(ELSEWHERE);
    held.session = session;
    rows = rows.filter(({ id }) => id !== row.id);
    undone = row;
    show();
    changed();
    aloud(`Taken out: ${row.speed} miles per hour`);
    setTimeout(() => undone === row && forgetUndone(), GRACE_MS - 500);
    setTimeout(() => forgetTakenOut().catch(() => null), GRACE_MS + 100);
    return true;
  }

  function forgetUndone() {
    undone = null;
    show();
  }

  /** The capture of a row that is to be corrected; says why where there is none any more. */
  async function captureOf(row) {
    const capture = await captureWith(row.id);
    if (capture && capture.state !== 'removing' && capture.problem?.code !== STAYS) return capture;
    say(ELSEWHERE);
    return null;
  }

  /** How far the last ones are, and what was not taken however long ago it was saved: looked up once for many at a time. */
  async function lookAgain() {
    isLooking = false;
    const last = await Promise.all(rows.slice(-SHOWN).map(({ id }) => captureWith(id)));
    const found = new Map([...last, ...(await capturesIn(['parked']))].filter(Boolean).map((one) => [one.id, one]));
    rows = rows.map((row) => {
      const capture = found.get(row.id);
      if (!capture || [row.state, 'removing'].includes(capture.state)) return row;
      return { ...rowOf(capture), ...(capture.is_light ? pick(row) : {}) };
    });
    show();
  }

  const stop = onNews(({ id }) => {
    if (!id || isLooking) return;
    isLooking = true;
    setTimeout(lookAgain, LOOK_AFTER_MS);
  });

  return {
    captureOf, forgetUndone, keep, show, stop, takeOut, undo,
    /** What is not on the disk yet, `isLate` where the disk took nothing. */
    pending: () => [...pending],
    last: () => Math.max(0, ...rows.map(({ number }) => number)),
    row: (id) => rows.find((one) => one.id === id),
    /** Those that can be corrected, newest first: the last ones, and what was not taken however long ago it was saved. */
    offered: () => rows.filter((row, index) => isSettled(row) && (row.state === 'parked' || index >= rows.length - SHOWN)).reverse(),
  };
}
