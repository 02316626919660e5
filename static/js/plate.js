// Number plates on the phone, as rules/vrm.py reads them on the server: both are held to tests/js/plate-cases.json.
// Nothing is ever changed into something more likely, and no warning repeats the plate.
export const MOST = 10;
const MOST_SHOWN = 3;

export const TOO_LONG = `A number plate has at most ${MOST} letters and figures. Type only what is on the plate.`;
export const WARNINGS = {
  later_age: 'No plate of that age was given out yet by that day. Look once more: it is kept as you typed it, and does not go to the police.',
  unmatched: 'British plates do not look like that. Look once more: 0 or O? 1 or I? It is kept as you typed it, and does not go to the police.',
};

// Tried in this order; no plate has two of these shapes.
export const PATTERNS = {
  current: /^[A-HJ-PR-Y]{2}(?:0[2-9]|[1-4][0-9]|5[1-9]|[6-9][0-9])[A-HJ-PR-Z]{3}$/,
  prefix: /^[A-HJ-NPR-TV-Y][1-9][0-9]{0,2}[A-HJ-PR-Y]{3}$/,
  q_plate: /^Q[1-9][0-9]{0,2}[A-HJ-PR-Y]{3}$/,
  suffix: /^[A-HJ-PR-Y]{3}[1-9][0-9]{0,2}[A-HJ-NPR-TV-Y]$/,
  dateless: /^(?=.{2,6}$)(?:[A-HJ-PR-Y]{1,3}[1-9][0-9]{0,3}|[1-9][0-9]{0,3}[A-HJ-PR-Y]{1,3})$/,
  ni: /^(?=.*[IZ])(?:[A-PR-Z]{2,3}[1-9][0-9]{0,3}|[1-9][0-9]{0,3}[A-PR-Z]{2,3})$/,
  diplomatic: /^[0-9]{3}[DX][0-9]{3}$/,
};

// What a plate can look like, L for a letter and D for a figure, for the keys that can come next.
const figures = (least, most) => Array.from({ length: most - least + 1 }, (_, more) => 'D'.repeat(least + more));
const SHAPES = [
  'LLDDLLL',
  'DDDLDDD',
  ...figures(1, 3).flatMap((run) => [`L${run}LLL`, `LLL${run}L`]),
  ...figures(1, 4).flatMap((run) => ['L', 'LL', 'LLL'].flatMap((letters) => [`${letters}${run}`, `${run}${letters}`])),
];

const LEFT_OUT = /[\p{Z}\p{C}\p{Pd}\u2212\u034F\uFE00-\uFE0F]/gu;

/** A plate in capitals without spaces, hyphens, control and zero-width characters; full-width becomes plain. */
export function normalise(text) {
  const plain = text.normalize('NFKC').toUpperCase().normalize('NFKC').replace(LEFT_OUT, '');
  // Taking a character out lets its neighbours combine: again, until nothing changes.
  return plain === text ? text : normalise(plain);
}

// The first day of plates with an age identifier, as ISO words, which sort as days do.
const givenOutFrom = (age) => (age > 50 ? `${1950 + age}-09-01` : `${2000 + age}-03-01`);

/** `{text, kind, warning}` of a plate seen on a London date (`2026-11-29`); `warning` is a name in WARNINGS, or ''. */
export function readPlate(text, seenOn) {
  const plain = normalise(text);
  if (!plain) return { text: plain, kind: 'other', warning: '' };
  const kind = Object.keys(PATTERNS).find((one) => PATTERNS[one].test(plain));
  if (!kind) return { text: plain, kind: 'other', warning: 'unmatched' };
  if (kind === 'current' && givenOutFrom(Number(plain.slice(2, 4))) > seenOn) return { text: plain, kind: 'other', warning: 'later_age' };
  return { text: plain, kind, warning: '' };
}

/** Whether plates of a kind may go to the police: all British shapes, and nothing else. */
export const isExportable = (kind) => Object.hasOwn(PATTERNS, kind);

// How many characters stand together; one group where the text is not of that kind.
function groups(text, kind) {
  if (!isExportable(kind) || !PATTERNS[kind].test(text)) return [[...text].length];
  if (kind === 'current') return [4, 3];
  if (kind === 'prefix' || kind === 'q_plate') return [text.length - 3, 3];
  if (kind === 'suffix') return [3, text.length - 3];
  return text.match(/[A-Z]+|[0-9]+/g).map((run) => run.length);
}

function withGaps(characters, lengths) {
  let start = 0;
  return lengths.map((length) => characters.slice(start, (start += length)).join('')).join(' ');
}

/** A normalised plate as people write it: `GK26 ABC`. */
export const spaced = (text, kind) => withGaps([...text], groups(text, kind));

/** What may be shown of a normalised plate: never more than half of it, and never more than three characters. */
export function mask(text, kind) {
  if (kind === 'current' && PATTERNS.current.test(text)) return `${text.slice(0, 2)}** ${text[4]}**`;
  const characters = [...text];
  const shown = Math.min(MOST_SHOWN, Math.floor(characters.length / 2));
  return withGaps(characters.map((one, index) => (index < shown ? one : '*')), groups(text, kind));
}

/** Whether a British plate can begin like a normalised text, by where its letters and figures stand. */
export function beginsAPlate(plain) {
  const shape = plain.replace(/[A-Z]/g, 'L').replace(/[0-9]/g, 'D');
  return /^[A-Z0-9]*$/.test(plain) && SHAPES.some((one) => one.startsWith(shape));
}

/**
 * `{letters, digits}`: which keys can come next, so that the others are dimmed and never shut. What fits no British shape
 * is another plate and may go on with anything, up to the most that a plate has.
 */
export function nextKeys(text) {
  const plain = normalise(text);
  if ([...plain].length >= MOST) return { letters: false, digits: false };
  if (!beginsAPlate(plain)) return { letters: true, digits: true };
  return { letters: beginsAPlate(`${plain}A`), digits: beginsAPlate(`${plain}0`) };
}
