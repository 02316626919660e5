// What keys make of a vehicle, one after the other: speed first, the plate after it, nothing ever changed by itself.
import assert from 'node:assert/strict';
import test from 'node:test';

import { tapped, withRow } from '../../static/js/speed-counter.js';
import { bands, lengthWords, mean, percentile85, summary } from '../../static/js/speed-figures.js';
import { answersOf, choose, EMPTY, expected, isClosed, press, question, warningOnTheWay } from '../../static/js/speed-keys.js';

const FROM = 35;
const ASKED = { threshold: FROM, limit: 30, day: '2026-11-29' };

function typed(keys, from = EMPTY) {
  const said = [];
  let entry = from;
  for (const key of keys) {
    const after = press(entry, key, FROM);
    entry = after.entry;
    if (after.said) said.push(after.said);
  }
  return { ...entry, said };
}

test('after two figures the cursor goes to the plate', () => {
  const { speed, plate, cursor } = typed('44GK24BXY');
  assert.deepEqual([speed, plate, cursor], ['44', 'GK24BXY', 'plate']);
  assert.equal(typed('44').cursor, 'plate');
});

test('a leading 1 waits for a third figure', () => {
  assert.equal(typed('10').cursor, 'speed');
  assert.deepEqual([typed('104').speed, typed('104').cursor], ['104', 'plate']);
  assert.deepEqual([typed('104GK').plate, typed('1042').plate], ['GK', '2']);
});

test('below the threshold the plate is closed and the cursor stays', () => {
  const { speed, plate, cursor, said } = typed('28G5');
  assert.deepEqual([speed, plate, cursor], ['28', '', 'speed']);
  assert.deepEqual(said, ['Below 35 only the speed is kept.', 'The speed is there. Save it, or take a figure off.']);
  assert.equal(press(typed('28'), 'to-plate', FROM).said, 'Below 35 only the speed is kept.');
  assert.deepEqual([isClosed(typed('34'), FROM), isClosed(typed('35'), FROM), isClosed(EMPTY, FROM)], [true, false, false]);
});

test('a speed is from 1 to 150 and nothing else can be typed', () => {
  assert.deepEqual([typed('0').speed, typed('150').speed, typed('151').speed], ['', '150', '15']);
  assert.match(typed('151').said[0], /at most 150/);
});

test('a plate that is called first stands, and the speed comes after it', () => {
  const first = typed(['G', 'K', '2', '6', 'A', 'B', 'C', 'to-speed', '4', '7']);
  assert.deepEqual([first.speed, first.plate], ['47', 'GK26ABC']);
});

test('the speed typed anew takes the place of the old one', () => {
  assert.equal(typed(['4', '4', 'G', 'to-speed', '4', '6']).speed, '46');
  assert.equal(typed(['4', '4', 'G', 'to-speed', 'back']).speed, '4');
});

test('one key takes off letter by letter, then the speed', () => {
  const steps = ['back', 'back', 'back', 'back'];
  const all = steps.map((_, count) => typed([...'44GK', ...steps.slice(0, count + 1)]));
  assert.deepEqual(all.map(({ speed, plate }) => speed + plate), ['44G', '44', '4', '']);
  assert.equal(typed([...'44GK', ...steps, 'back']).speed, '');
});

test('a plate has at most ten characters', () => {
  const { plate, said } = typed('44ABCDEFGHJKL');
  assert.equal(plate.length, 10);
  assert.equal(said.length, 1);
});

test('keys that cannot come next are dimmed and work all the same', () => {
  assert.deepEqual(expected(EMPTY, FROM), { digits: true, letters: false });
  assert.deepEqual(expected(typed('28'), FROM), { digits: false, letters: false });
  assert.deepEqual(expected(typed('44GK'), FROM), { letters: true, digits: true });
  assert.deepEqual(expected(typed('44GK26'), FROM), { letters: true, digits: true });
  assert.deepEqual(expected(typed('44GK26A'), FROM), { letters: true, digits: false });
  assert.equal(typed('44GK26A7').plate, 'GK26A7');
  assert.deepEqual(expected(typed(['4', '4', ...'GK26A', 'other']), FROM), { letters: true, digits: true });
});

test('sure, part and not sure: one at a time, and a second tap takes it back', () => {
  assert.equal(typed(['part']).confidence, 'part');
  assert.equal(typed(['part', 'unsure']).confidence, 'unsure');
  assert.equal(typed(['unsure', 'unsure']).confidence, 'certain');
});

test('a warning comes while an unlikely plate is typed, and changes nothing', () => {
  const warned = (keys) => warningOnTheWay(typed(keys), ASKED.day);
  assert.equal(warned('44GKO7A'), '');
  assert.match(warned('44GKO7AB'), /0 or O/);
  assert.equal(warned('44GK26A'), '');
  assert.match(warned('44GK99ABC'), /of that age/);
  assert.equal(typed('44GKO7ABC').plate, 'GKO7ABC');
  assert.equal(warned(['4', '4', ...'WOBXX12', 'other']), '');
});

test('what is doubtful is asked once, one thing after the other', () => {
  const ask = (keys, more) => question(typed(keys), { ...ASKED, ...more })?.code ?? null;
  assert.equal(ask(''), 'no_speed');
  assert.equal(ask('60GK26ABC'), null);
  assert.equal(ask('61GK26ABC'), 'doubtful');
  assert.equal(ask('61GKO7ABC', { wasAsked: ['doubtful'] }), 'unmatched');
  assert.equal(ask('61GKO7ABC', { wasAsked: ['doubtful', 'unmatched'] }), null);
  assert.equal(ask('44'), 'no_plate');
  assert.equal(ask(['4', '4', 'part']), null);
  assert.equal(ask(['4', '4', 'part'], { hadPlate: true }), 'no_plate');
  assert.equal(ask('44GK99ABC'), 'later_age');
  assert.equal(ask(['4', '4', ...'GKO7ABC', 'other']), null);
  assert.equal(ask('28'), null);
});

test('below the threshold nothing goes by which a vehicle is known', () => {
  const about = { threshold: FROM, number: 3, vehicle: 'car', direction: 'north', isSpokenBack: true };
  const seen = choose(choose(EMPTY, 'colour', 'blue'), 'make', 'ford');
  const slow = typed('28', { ...seen, plate: 'GK26ABC' });
  assert.deepEqual(answersOf(slow, about), { number: ['3'], speed: ['28'], vehicle: ['car'], direction: ['north'] });
  assert.deepEqual(answersOf(typed('44GK26ABC', seen), about), {
    number: ['3'], speed: ['44'], vehicle: ['car'], direction: ['north'], colour: ['blue'], make: ['ford'], plate: ['GK26ABC'],
    confidence: ['certain'], is_spoken_back: ['y'],
  });
  assert.deepEqual(answersOf(typed('44'), { ...about, direction: '' }), { number: ['3'], speed: ['44'], vehicle: ['car'] });
});

test('the counter begins with the first tap, never goes below nothing, and counts rows once it has begun', () => {
  const none = { counted: null };
  assert.equal(withRow(none, 1).counted, null);
  assert.equal(tapped(none, -1).counted, null);
  const begun = tapped(none, 1);
  assert.deepEqual([begun.counted, withRow(begun, 1).counted, withRow(begun, -1).counted], [1, 2, 0]);
  assert.equal(tapped(tapped(begun, -1), -1).counted, 0);
  assert.equal(tapped({ counted: 99_999 }, 1).counted, 99_999);
  // What was logged before passed as well.
  assert.equal(tapped(withRow(withRow(none, 1), 1), 1).counted, 3);
});

test('figures are those of the rules: nearest rank, a mean that is cut, bands from the threshold', () => {
  assert.equal(percentile85(Array.from({ length: 100 }, (_, index) => index + 1)), 85);
  assert.deepEqual([percentile85([30]), percentile85([]), mean([30, 31, 31]), mean([])], [30, null, '30.6', null]);
  assert.deepEqual(bands([34, 35, 39, 40, 49, 50, 64], 35).map(({ count }) => count), [2, 1, 1, 2]);
  assert.deepEqual(bands([], 46).map(({ words }) => words), ['46 to 50 mph', '51 to 55 mph', '56 to 60 mph', '61 mph and over']);
  assert.deepEqual([0, 1, 59, 60, 85, 121].map(lengthWords), ['Less than a minute', '1 minute', '59 minutes', '1 hour', '1 hour 25 minutes', '2 hours 1 minute']);
});

test('an average is worked out only where every speed was logged', () => {
  const facts = { speeds: [28, 36, 44], threshold: 35, counted: null, crew: 3, beganAt: '2026-10-25T00:30:00Z', endedAt: '2026-10-25T01:30:00Z' };
  const some = summary({ ...facts, hasAllSpeeds: false });
  assert.deepEqual([some.counted, some.logged, some.recorded, some.mean, some.percentile85], [null, 3, 2, null, null]);
  const all = summary({ ...facts, hasAllSpeeds: true });
  assert.deepEqual([all.mean, all.percentile85, all.isFew, all.fastest], ['36.0', 44, true, 44]);
  assert.deepEqual([all.minutes, all.volunteerMinutes], [60, 180]);
});
