// The four letters of a session: whatever is misheard is noticed, without a signal.
import assert from 'node:assert/strict';
import test from 'node:test';

import { codeOf, isCodeOf, newCode } from '../../static/js/speed-code.js';
import { daysGoingOn, isDayOver } from '../../static/js/speed-day.js';

const LETTERS = [...'BCDFGHJKMNPQRSTVWXYZ'];
const [SITE, DAY] = ['SW901', '2026-11-29'];
const put = (code, at, letter) => code.slice(0, at) + letter + code.slice(at + 1);

test('a code has four letters that are not taken for others, however they are typed', () => {
  for (let count = 0; count < 50; count += 1) assert.match(newCode(SITE, DAY), /^[BCDFGHJKMNPQRSTVWXYZ]{4}$/);
  assert.equal(codeOf(' k t-x z '), 'KTXZ');
  for (const wrong of ['', 'KTX', 'KTXZZ', 'KTAX', '1234']) assert.equal(codeOf(wrong), null);
});

test('any single wrong letter, and any two neighbours that changed places, are noticed', () => {
  for (let count = 0; count < 200; count += 1) {
    const code = newCode(SITE, DAY);
    assert.ok(isCodeOf(code, SITE, DAY));
    for (const at of [0, 1, 2, 3]) {
      for (const letter of LETTERS) assert.equal(isCodeOf(put(code, at, letter), SITE, DAY), letter === code[at]);
    }
    for (const at of [0, 1, 2]) {
      const swapped = put(put(code, at, code[at + 1]), at + 1, code[at]);
      assert.equal(isCodeOf(swapped, SITE, DAY), swapped === code);
    }
  }
});

test('the site and the day are part of it', () => {
  const code = newCode(SITE, DAY);
  assert.ok(!isCodeOf(code, 'SW902', DAY) && !isCodeOf(code, SITE, '2026-11-30') && !isCodeOf(code, SITE, '2026-11-28'));
});

test('a session goes on past midnight until four in London, and is over after that', () => {
  const at = (moment) => new Date(moment);
  assert.deepEqual(daysGoingOn(at('2026-11-29T12:00:00Z')), ['2026-11-29']);
  assert.deepEqual(daysGoingOn(at('2026-11-30T00:30:00Z')), ['2026-11-29', '2026-11-30']);
  assert.deepEqual(daysGoingOn(at('2026-06-21T03:30:00Z')), ['2026-06-21']);
  assert.equal(isDayOver('2026-11-29', at('2026-11-30T03:59:00Z')), false);
  assert.equal(isDayOver('2026-11-29', at('2026-11-30T04:00:00Z')), true);
  assert.equal(isDayOver('2026-11-30', at('2026-11-30T01:00:00Z')), false);
});
