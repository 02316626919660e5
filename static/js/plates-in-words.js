// Number plates in free words, found on the phone before it keeps or sends them, by their shape and however they are written, as
// rules/plate_words.py finds them on the server: both are held to tests/js/words-cases.json.
import { PATTERNS } from './plate.js';
import { ABBREVIATIONS, WORDS } from './short-words.js';

export const IN_WORDS = 'Leave registrations out of these words: they are kept with their vehicle only, and forgotten with it.';
const LEFT_OUT = '***';
// Three letters with those that Northern Ireland gave its counties, then the number. Its others, and dateless and diplomatic ones,
// look as road numbers, times and prices do.
const NORTHERN_IRISH = /^[A-PR-Z](?:[IZ][A-PR-Z]|[A-PR-Z][IZ])[1-9][0-9]{0,3}$/;
const SHAPES = [...['current', 'prefix', 'q_plate', 'suffix'].map((kind) => PATTERNS[kind]), NORTHERN_IRISH];
const LONGEST = 7;
// Without a width, and parting nothing.
const UNSEEN = /[\u034F\uFE00-\uFE0F\p{Cf}]/gu;

const plainOf = (words) => words.normalize('NFKC').replace(UNSEEN, '');

/** What stands between two gaps, in capitals; its runs of letters, and whether each is an ordinary word. */
function piecesOf(plain) {
  const isShouted = plain === plain.toUpperCase();
  return [...plain.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: text, index }) => {
    const runs = (text.match(/[\p{L}\p{Nl}\p{No}]+/gu) ?? []).map((run) => ({ text: run.toUpperCase(), isWord: isOrdinaryWord(run, isShouted) }));
    const capitals = text.toUpperCase();
    return { text: capitals, runs, isWord: runs.length === 1 && runs[0].text === capitals && runs[0].isWord, start: index, end: index + text.length };
  });
}

function isOrdinaryWord(run, isShouted) {
  const small = run.toLowerCase();
  return ABBREVIATIONS.has(small) || (WORDS.has(small) && (run !== run.toUpperCase() || (isShouted && run.length > 1)));
}

/** Whether neighbours are words and numbers: an ordinary word is among them, or all their letters are. */
function isOrdinary(pieces) {
  if (pieces.every(({ runs }) => runs.every(({ isWord }) => isWord))) return true;
  return pieces.some(({ text, isWord }, index) => isWord && (text.length > 1 || standsAlone(pieces, index)));
}

/** Whether a letter has numbers or nothing on both sides; in G K 2 6 a b c it is one of several. */
const standsAlone = (pieces, index) => ![pieces[index - 1], pieces[index + 1]].some((one) => one?.runs.length);

function isPlate(pieces) {
  const joined = pieces.map(({ text }) => text).join('');
  return !isOrdinary(pieces) && SHAPES.some((shape) => shape.test(joined));
}

/** Where plates stand: `[{ start, end }]`, each the longest row of neighbours that is one. */
function spansIn(plain) {
  const pieces = piecesOf(plain);
  const spans = [];
  for (let first = 0; first < pieces.length; first += 1) {
    let length = 0;
    let found = null;
    for (let last = first; last < pieces.length && (length += pieces[last].text.length) <= LONGEST; last += 1) {
      if (isPlate(pieces.slice(first, last + 1))) found = last;
    }
    if (found === null) continue;
    spans.push({ start: pieces[first].start, end: pieces[found].end });
    first = found;
  }
  return spans;
}

/** Whether a plate stands in words. */
export const standsIn = (words) => spansIn(plainOf(words)).length > 0;

/** Words with each plate in them left out; words without one as they are. */
export function withoutPlates(words) {
  const plain = plainOf(words);
  const spans = spansIn(plain);
  return spans.length ? spans.reduceRight((left, { start, end }) => left.slice(0, start) + LEFT_OUT + left.slice(end), plain) : words;
}
