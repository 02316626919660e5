// What is being typed of one vehicle, and what each key makes of it: plain functions from one entry to the next. Every key
// has one place on the screen, so figures serve the speed first and the plate after it.
import { beginsAPlate, MOST, nextKeys, normalise, readPlate, TOO_LONG, WARNINGS } from './plate.js';

const FASTEST = 150;

export const EMPTY = { speed: '', plate: '', cursor: 'speed', isFresh: false, confidence: 'certain', isOther: false, colour: '', make: '' };

/** Whether two figures are all of a speed: one that begins with 1 waits for a third. */
const isWhole = (speed) => speed.length === 3 || (speed.length === 2 && speed[0] !== '1');

/** Whether a plate is asked for at all: not below the threshold. A speed that is not typed yet says nothing. */
export const isClosed = ({ speed }, threshold) => speed !== '' && Number(speed) < threshold;

const isUnderAndWhole = (entry, threshold) => isWhole(entry.speed) && isClosed(entry, threshold);

export const isBegun = ({ speed, plate, colour, make }) => Boolean(speed || plate || colour || make);

const refused = (entry, said) => ({ entry, said });
const becomes = (entry) => ({ entry, said: '' });

function figure(entry, key, threshold) {
  if (entry.cursor === 'plate') return character(entry, key);
  const before = entry.isFresh ? '' : entry.speed;
  if (isWhole(before)) return refused(entry, 'The speed is there. Save it, or take a figure off.');
  const speed = before + key;
  if (speed === '0') return refused(entry, 'A speed is at least 1.');
  if (Number(speed) > FASTEST) return refused(entry, `A speed is at most ${FASTEST} miles per hour.`);
  const next = { ...entry, speed, isFresh: false };
  return becomes({ ...next, cursor: isWhole(speed) && !isClosed(next, threshold) ? 'plate' : 'speed' });
}

function character(entry, key) {
  if (entry.plate.length >= MOST) return refused(entry, TOO_LONG);
  return becomes({ ...entry, plate: normalise(entry.plate + key), cursor: 'plate', isFresh: false });
}

function letter(entry, key, threshold) {
  if (isClosed(entry, threshold)) return refused(entry, `Below ${threshold} only the speed is kept.`);
  return character(entry, key);
}

function back(entry) {
  const { cursor, plate, speed } = entry;
  if (cursor === 'plate' && plate) return becomes({ ...entry, plate: plate.slice(0, -1) });
  return becomes({ ...entry, cursor: 'speed', isFresh: false, speed: speed.slice(0, -1) });
}

const turned = (entry, name, value, otherwise) => becomes({ ...entry, [name]: entry[name] === value ? otherwise : value });

/**
 * What a key makes of an entry: `{ entry, said }`. Keys are `0` to `9`, `A` to `Z`, `back`, `part`, `unsure`, `other`,
 * `to-speed` and `to-plate`. `said` is why a key did nothing, or ''.
 */
export function press(entry, key, threshold) {
  if (/^[0-9]$/.test(key)) return figure(entry, key, threshold);
  if (/^[A-Z]$/.test(key)) return letter(entry, key, threshold);
  if (key === 'back') return back(entry);
  if (key === 'to-speed') return becomes({ ...entry, cursor: 'speed', isFresh: true });
  if (key === 'other') return turned(entry, 'isOther', true, false);
  if (key === 'part' || key === 'unsure') return turned(entry, 'confidence', key, 'certain');
  if (key === 'to-plate') {
    return isClosed(entry, threshold) ? refused(entry, `Below ${threshold} only the speed is kept.`) : becomes({ ...entry, cursor: 'plate', isFresh: false });
  }
  return becomes(entry);
}

/** Chooses a colour or a make; the same once more takes it back. */
export const choose = (entry, name, value) => turned(entry, name, value, '').entry;

/** Which keys can come next: the others are dimmed, and work all the same. */
export function expected(entry, threshold) {
  if (entry.cursor === 'speed') return { digits: entry.isFresh || !isUnderAndWhole(entry, threshold), letters: false };
  if (entry.isOther || entry.confidence !== 'certain') return { digits: true, letters: true };
  return nextKeys(entry.plate);
}

/** The warning about a plate that no British plate begins like, while it is typed; '' where there is none. */
export function warningOnTheWay({ plate, isOther, confidence }, day) {
  if (!plate || isOther || confidence !== 'certain') return '';
  if (!beginsAPlate(plate)) return WARNINGS.unmatched;
  // What fits no shape yet may still become one that does.
  return readPlate(plate, day).warning === 'later_age' ? WARNINGS.later_age : '';
}

/**
 * What to ask before an entry is saved, one thing after the other: `{ code, words, yes, no }`, or null. `wasAsked` are the codes
 * whose answer was yes. `no_speed` cannot be answered with yes.
 */
export function question(entry, { threshold, limit, day, wasAsked = [], hadPlate = false }) {
  const speed = Number(entry.speed);
  const all = [];
  if (!speed) return { code: 'no_speed', words: 'Type the speed first.' };
  if (speed > 2 * limit) all.push({ code: 'doubtful', words: `${speed} is more than twice ${limit}. Is it right?`, yes: `Yes, ${speed} mph`, no: 'Change it' });
  if (!isClosed(entry, threshold)) {
    const { warning } = readPlate(entry.plate, day);
    if (!entry.plate && (hadPlate || entry.confidence === 'certain')) all.push(withoutPlate(hadPlate));
    else if (warning && !entry.isOther && entry.confidence === 'certain') {
      all.push({ code: warning, words: WARNINGS[warning], yes: 'Keep it as typed', no: 'Look again' });
    }
  }
  return all.find(({ code }) => !wasAsked.includes(code)) ?? null;
}

const withoutPlate = (hadPlate) => ({
  code: 'no_plate',
  words: hadPlate
    ? 'Its plate was sent and is on this phone no more. Type it again, or the row goes without one.'
    : 'No plate was typed. Save the speed without one?',
  yes: 'Save without a plate',
  no: 'Type the plate',
});

/** The answers of an entry as they go to the server; below the threshold there is nothing by which to know a vehicle. */
export function answersOf(entry, { threshold, number, vehicle, direction, isSpokenBack }) {
  const base = { number: [`${number}`], speed: [entry.speed], vehicle: [vehicle], direction: direction ? [direction] : [] };
  const seen = isClosed(entry, threshold)
    ? {}
    : {
        colour: [entry.colour], make: [entry.make],
        ...(entry.plate && { plate: [entry.plate], confidence: [entry.confidence], is_spoken_back: isSpokenBack ? ['y'] : [] }),
      };
  return Object.fromEntries(Object.entries({ ...base, ...seen }).filter(([, [value]]) => value));
}
