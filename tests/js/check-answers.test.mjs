// How the check screen says a day.
import assert from 'node:assert/strict';
import test from 'node:test';

import { dateWords } from '../../static/js/check-answers.js';

test('a day with a year of four figures is said in words', () => {
  assert.equal(dateWords(['21', '11', '2026']), '21 November 2026');
  assert.equal(dateWords([' 1 ', '02', '2026']), '1 February 2026');
});

test('what the server will not take is shown as it was typed', () => {
  assert.equal(dateWords(['21', '11', '26']), '21 11 26');
  assert.equal(dateWords(['31', '2', '2026']), '31 2 2026');
  assert.equal(dateWords(['1e1', '11', '2026']), '1e1 11 2026');
  assert.equal(dateWords(['', '', '']), '');
});
