// Which of the phone's fixes is the place of what somebody sees.
import assert from 'node:assert/strict';
import test from 'node:test';

import { placeFix } from '../../static/js/place-fix.js';

const SECOND_MS = 1000;
const at = (metresNorth, accuracy, seconds = 0) => ({
  latitude: 51.4 + metresNorth / 111_320, longitude: 0.16, accuracy_m: accuracy, fixed_at: seconds * SECOND_MS,
});

test('until something is begun the place follows the phone, and is not made rougher in a moment', () => {
  const held = at(0, 5);
  const next = at(10, 5, 8);
  assert.equal(placeFix(null, held), held);
  assert.equal(placeFix(held, null), held);
  assert.equal(placeFix(held, next), next);
  assert.equal(placeFix(held, at(0, 500, 8)), held);
  const late = at(40, 9, 21);
  assert.equal(placeFix(held, late), late);
});

test('what is begun stays where it is, however long its person writes and wherever they walk', () => {
  const held = at(0, 20);
  assert.equal(placeFix(held, at(0, 20, 8), 1 * SECOND_MS), held);
  assert.equal(placeFix(held, at(0, 500, 90), 1 * SECOND_MS), held);
  assert.equal(placeFix(held, at(60, 4, 90), 1 * SECOND_MS), held);
});

test('what is begun takes a better fix of the same place, and the first one where there is none of its own time', () => {
  const better = at(15, 4, 8);
  assert.equal(placeFix(at(0, 20), better, 1 * SECOND_MS), better);
  const first = at(90, 30, 31);
  assert.equal(placeFix(at(0, 5), first, 30 * SECOND_MS), first);
  assert.equal(placeFix(null, first, 30 * SECOND_MS), first);
  assert.equal(placeFix(first, at(120, 30, 60), 30 * SECOND_MS), first);
});
