// The four letters by which a second phone joins: three at random, and one that checks them together with the site and the day.
// A code that was misheard would give another id, and what is logged under it would wait for a session that never comes.
const LETTERS = 'BCDFGHJKMNPQRSTVWXYZ';
// A prime above the number of letters: then no single wrong letter and no two that changed places give the same sum again.
const PRIME = 23;

const numberOf = (words) => [...words].reduce((sum, one) => (sum * 31 + one.codePointAt(0)) % PRIME, 0);

/** Whether a code may be one of that site and London day: its letters, the first once and the last four times, and the site and the
 * day come to a multiple of 23. */
export function isCodeOf(code, siteCode, day) {
  const weighed = [...code].map((letter, index) => (index + 1) * LETTERS.indexOf(letter));
  return weighed.reduce((sum, one) => sum + one, numberOf(`${siteCode} ${day}`)) % PRIME === 0;
}

/** A code for a session that begins. For a few of all threes there is no fourth letter: then it is three others. */
export function newCode(siteCode, day) {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint32Array(3));
    const three = [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('');
    const last = [...LETTERS].find((letter) => isCodeOf(three + letter, siteCode, day));
    if (last) return three + last;
  }
}

/** A code as it was typed or heard, or null where it is none. */
export function codeOf(text) {
  const code = text.toUpperCase().replace(/[^A-Z]/g, '');
  return code.length === 4 && [...code].every((letter) => LETTERS.includes(letter)) ? code : null;
}
