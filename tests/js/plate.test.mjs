// Number plates on the phone, by the same cases as on the server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { MOST, TOO_LONG, WARNINGS, isExportable, mask, nextKeys, normalise, readPlate, spaced } from '../../static/js/plate.js';

const CASES = JSON.parse(await readFile(new URL('plate-cases.json', import.meta.url), 'utf8'));

test('a plate is read, written and masked as on the server', () => {
  for (const { text, seen_on: seenOn, plain, kind, warning, ...shown } of CASES.plates) {
    assert.deepEqual(readPlate(text, seenOn), { text: plain, kind, warning }, JSON.stringify(text));
    assert.deepEqual({ spaced: spaced(plain, kind), mask: mask(plain, kind) }, shown, JSON.stringify(text));
    assert.equal(normalise(plain), plain);
    assert.equal(isExportable(kind), kind !== 'other');
  }
});

test('what is asked and refused is said in the words of the server', () => {
  assert.deepEqual({ ...WARNINGS }, CASES.warnings);
  assert.equal(TOO_LONG, CASES.too_long);
  for (const { text, is_refused: isRefused } of CASES.lengths) assert.equal([...normalise(text)].length > MOST, isRefused, JSON.stringify(text));
});

test('the keypad knows what can come next, and lets another plate be typed to its end', () => {
  for (const { text, ...next } of CASES.next) assert.deepEqual(nextKeys(text), next, JSON.stringify(text));
});

test('no prefix of a British plate is dimmed on the way', () => {
  for (const { plain, kind } of CASES.plates.filter((one) => one.kind !== 'other')) {
    [...plain].forEach((next, index) => {
      const keys = nextKeys(plain.slice(0, index));
      assert.ok(/[0-9]/.test(next) ? keys.digits : keys.letters, `${kind}, character ${index + 1}`);
    });
  }
});

test('a mask is not fooled by a kind that the plate is not', () => {
  assert.equal(mask('AB12', 'current'), 'AB**');
  assert.equal(mask('A', 'prefix'), '*');
});
