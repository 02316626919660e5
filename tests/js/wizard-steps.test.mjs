// The order of the screens.
import assert from 'node:assert/strict';
import test from 'node:test';

import {
  screenAfter, screenBefore, screenFromHash, screens, stepWords,
} from '../../static/js/wizard-steps.js';

const all = screens(['where', 'what', 'land', 'photos', 'contact']);

test('five sections and the check are six steps', () => {
  assert.equal(stepWords(all, 'where'), 'step 1 of 6');
  assert.equal(stepWords(all, 'check'), 'step 6 of 6');
});

test('the question about reports nearby is not counted', () => {
  assert.equal(stepWords(all, 'nearby'), '');
});

test('the last question leads to the check when nothing is near', () => {
  assert.equal(screenAfter(all, 'contact'), 'check');
});

test('the last question leads to the reports nearby when there are some', () => {
  assert.equal(screenAfter(all, 'contact', { nearbyAsked: true }), 'nearby');
  assert.equal(screenAfter(all, 'nearby', { nearbyAsked: true }), 'check');
});

test('changing one answer leads back to the check', () => {
  assert.equal(screenAfter(all, 'what', { changing: true }), 'check');
  assert.equal(screenAfter(all, 'what', { changing: true, nearbyAsked: true }), 'nearby');
});

test('back from the check skips a question that was not asked', () => {
  assert.equal(screenBefore(all, 'check'), 'contact');
  assert.equal(screenBefore(all, 'check', { nearbyAsked: true }), 'nearby');
});

test('there is nothing before the first screen', () => {
  assert.equal(screenBefore(all, 'where'), null);
});

test('an address names a screen, and other anchors name none', () => {
  assert.equal(screenFromHash(all, '#photos'), 'photos');
  assert.equal(screenFromHash(all, '#main-content'), null);
  assert.equal(screenFromHash(all, ''), null);
});
