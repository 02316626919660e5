// What a capture is called in the outbox: words that its person read, never a code.
import assert from 'node:assert/strict';
import test from 'node:test';

import { titleOf } from '../../static/js/title.js';

globalThis.RadioNodeList = class {};

const walk = (title, code, words) => ({
  dataset: { label: 'Walk', titleFrom: 'title ward_code' },
  elements: { title: { type: 'text', value: title }, ward_code: { type: 'select-one', value: code, selectedOptions: [{ text: words }] } },
});

test('a walk without a name is called by its ward, and by nothing while none is chosen', () => {
  assert.equal(titleOf(walk('The shops', 'E05005031', 'Swanley St Mary’s')), 'Walk, The shops');
  assert.equal(titleOf(walk('', 'E05005031', 'Swanley St Mary’s')), 'Walk, Swanley St Mary’s');
  assert.equal(titleOf(walk('', '', 'Choose')), 'Walk');
});
