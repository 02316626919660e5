// The vehicles of a session on one phone: each is a capture of its own, kept in one strict write with the counter, and sent at
// once. What stays of it after that has no plate.
import { canonical, contentOf, sha256 } from './content.js';
import { londonDay } from './london.js';
import { tellNews } from './news.js';
import { queue } from './outbox.js';
import { mask, readPlate } from './plate.js';
import { withRow } from './speed-counter.js';
import { answersOf } from './speed-keys.js';
import { BOTH, captureFor, entryName, noteName, vehiclesOf } from './speed-session.js';
import { capturesIn, inOne } from './store.js';

// As long as somebody can say that a row was taken out by mistake.
export const GRACE_MS = 8000;
/** The server keeps it, although it was taken out here: others have built on it. */
export const STAYS = 'stays';

const answer = (answers, name) => answers?.[name]?.[0] ?? '';

/** A capture of a vehicle as a line of the list. Of one that was sent, the phone knows the speed and no more. */
export function rowOf(capture, day = londonDay(capture.stays.at)) {
  const { id, state, is_light: isLight, stays, payload, problem } = capture;
  const plate = answer(payload, 'plate');
  const isRefused = state === 'parked' && problem?.code !== STAYS;
  return {
    id, state: state === 'parked' && !isRefused ? 'complete' : state, number: stays.number, speed: stays.speed, at: stays.at, hasPlate: stays.has_plate, confidence: stays.confidence,
    isWhole: !isLight, why: isRefused ? reasonOf(problem) : '',
    mask: plate ? mask(...maskable(plate, day)) : '',
    colour: stays.colour, make: stays.make, vehicle: stays.vehicle, direction: stays.direction,
  };
}

/** Why the server did not take a capture, in its words. */
export const reasonOf = (problem) => Object.values(problem?.errors ?? {}).flat().join(' ') || problem?.words || '';

function maskable(plate, day) {
  const { text, kind } = readPlate(plate, day);
  return [text, kind];
}

/** All vehicles of a session that this phone logged, oldest first, without those taken out again. */
export async function rowsOf(session) {
  const own = (await vehiclesOf(session)).filter(({ state }) => state !== 'removing');
  return own.map((one) => rowOf(one)).sort((one, other) => one.number - other.number || one.at.localeCompare(other.at));
}

/** A vehicle as a capture that is still to be kept. */
export function readingOf(session, page, entry, { id, number, at, vehicle, direction }) {
  const { threshold, is_spoken_back: isSpokenBack } = session;
  const answers = answersOf(entry, { threshold, number, vehicle, direction, isSpokenBack });
  const hasPlate = Boolean(answers.plate);
  const [colour, make] = ['colour', 'make'].map((name) => answer(answers, name));
  const stays = { parent: session.id, group: session.site.name, number, speed: Number(entry.speed), at, has_plate: hasPlate, confidence: hasPlate ? entry.confidence : '', colour, make, vehicle, direction };
  return captureFor(session, page, {
    id, kind: 'speed_reading', title: `Vehicle ${number}, ${entry.speed} mph`, at, parent: session.id,
    more: { clears_at_once: true, stays, payload: answers, changed_at: new Date().toISOString() },
  });
}

/**
 * Keeps a vehicle and queues it: the row, the counter and what was typed in one write. `instead` is the row that it stands for,
 * when one is corrected. Gives the session as it is afterwards, or null where another tab was faster with that row: then nothing
 * is kept.
 */
export async function saveRow(session, draft, instead = null) {
  const content = contentOf(draft, draft.payload, []);
  const reading = queue(draft, { content, sha256: await sha256(canonical(content)), title: draft.title, at: Date.now() });
  const name = noteName(session.owner, session.id);
  return inOne(async (captures, notes) => {
    const [noted, old] = await Promise.all([notes.get(name), instead && captures.get(instead.id)]);
    if (instead && (!old || old.state === 'removing')) return null;
    const before = noted ?? session;
    const note = { ...(instead ? before : withRow(before, 1)), number: Math.max(before.number, reading.stays.number) };
    const kept = [captures.put(reading), notes.put(note, name), notes.delete(entryName(session.owner, session.id))];
    if (old) kept.push(old.sent_rev || old.is_light ? captures.put(takeOut(old, Date.now() - GRACE_MS)) : captures.delete(old.id));
    // The disk need not wait until a slow page has heard of each of them.
    captures.transaction.commit?.();
    await Promise.all(kept);
    return note;
  }, BOTH);
}

/** Its person takes it out: after a few seconds for good, at the server too where it may have arrived. */
export function takeOut(capture, at) {
  const was = capture.state === 'sending' ? 'queued' : capture.state;
  return { ...capture, state: 'removing', was, next_try_at: at + GRACE_MS };
}

/** Its person wants it back after all; null once the server may have been told. */
export function putIn(capture) {
  if (capture.state !== 'removing' || capture.is_removal_tried) return null;
  const { was, ...rest } = capture;
  return { ...rest, state: was, next_try_at: 0 };
}

async function changeRow(session, id, change, step) {
  const after = await inOne(async (captures, notes) => {
    const before = await captures.get(id);
    const next = before && change(before);
    if (!next) return null;
    const note = withRow((await notes.get(noteName(session.owner, session.id))) ?? session, step);
    await Promise.all([captures.put(next), notes.put(note, noteName(session.owner, session.id))]);
    return note;
  }, BOTH);
  if (after) tellNews({ id, wanted: true });
  return after;
}

/** Takes a row out of the session, and off the counter. Gives the session, null when it is not there any more. */
export const takeRowOut = (session, id) => changeRow(session, id, (one) => (one.state === 'removing' ? null : takeOut(one, Date.now())), -1);

/** Puts a row back; null when it is too late. */
export const putRowBack = (session, id) => changeRow(session, id, putIn, 1);

const isGone = (one) => one?.state === 'removing' && !one.sent_rev && !one.is_light && one.next_try_at <= Date.now();

/** Lets go of what was taken out before a byte of it was sent: nobody has to be asked. */
export async function forgetTakenOut() {
  for (const { id } of (await capturesIn(['removing'])).filter(isGone)) {
    // Its person may have put it back meanwhile.
    const isForgotten = await inOne(async (captures) => {
      if (!isGone(await captures.get(id))) return false;
      await captures.delete(id);
      return true;
    }, ['captures']);
    if (isForgotten) tellNews({ id });
  }
}
