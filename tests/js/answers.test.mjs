// Reading answers off a form and putting them back.
import assert from 'node:assert/strict';
import test from 'node:test';

import { hasAnswers, readAnswers, writeAnswers } from '../../static/js/answers.js';
import { form } from './form.mjs';

const filled = () =>
  form('fly_tipping', [
    ['csrf_token', 'hidden', 'of-the-page'],
    ['form_version', 'hidden', '1'],
    ['capture_id', 'hidden', 'an-id'],
    ['size', 'radio', 'single_item', false],
    ['size', 'radio', 'car_boot', true],
    ['wants_news', 'checkbox', 'y', true],
    ['first_seen_on', 'text', '20'],
    ['first_seen_on', 'text', '11'],
    ['first_seen_on', 'text', '2026'],
    ['description', 'textarea', 'Soffa a bagiau duon 🛋 wrth y gât'],
    ['photos', 'file', 'C:\\fakepath\\a.jpg'],
  ]);

const empty = () => {
  const blank = filled();
  blank.elements.forEach((control) => {
    control.checked = false;
    if (control.type === 'text' || control.type === 'textarea') control.value = '';
  });
  blank.elements.csrf_token.value = 'newer';
  return blank;
};

test('answers come back into an empty form as they were', () => {
  const target = empty();
  writeAnswers(target, JSON.parse(JSON.stringify(readAnswers(filled()))));
  assert.deepEqual(readAnswers(target), readAnswers(filled()));
});

test('what is typed while the phone still looks for what it has kept stays', () => {
  const target = empty();
  target.elements.description.value = 'A sofa';
  writeAnswers(target, readAnswers(filled()), new Set(['description']));
  assert.deepEqual(readAnswers(target), { ...readAnswers(filled()), description: ['A sofa'] });
});

test('the parts of a date keep their order', () => {
  assert.deepEqual(readAnswers(filled()).first_seen_on, ['20', '11', '2026']);
});

test('an old token never replaces the one of the page', () => {
  const target = empty();
  writeAnswers(target, { ...readAnswers(filled()), csrf_token: ['old'], form_version: ['0'] });
  assert.equal(target.elements.csrf_token.value, 'newer');
  assert.equal(target.elements.form_version.value, '1');
});

test('files are not answers', () => {
  assert.equal('photos' in readAnswers(filled()), false);
});

test('a question the draft does not know keeps what the page gave it', () => {
  const target = filled();
  writeAnswers(target, { size: [] });
  assert.equal(target.elements.description.value, 'Soffa a bagiau duon 🛋 wrth y gât');
  assert.deepEqual(readAnswers(target).size, []);
});

test('hidden fields alone are no answers yet', () => {
  assert.equal(hasAnswers(empty()), false);
  assert.equal(hasAnswers(filled()), true);
});
