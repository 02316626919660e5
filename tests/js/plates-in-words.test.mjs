// Plates are found in free words before the phone keeps or sends them, as the server finds them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { standsIn, withoutPlates } from '../../static/js/plates-in-words.js';
import { ABBREVIATIONS, WORDS } from '../../static/js/short-words.js';

const text = (path) => readFile(new URL(path, import.meta.url), 'utf8');
const { found, ordinary } = JSON.parse(await text('words-cases.json'));

test('a plate is found by its shape, however it is written', () => {
  for (const one of found) for (const words of [one, `It was ${one} I think`]) assert.ok(standsIn(words), words);
});

test('ordinary words with numbers in them pass, and are kept as they are', () => {
  for (const words of ordinary) {
    assert.ok(!standsIn(words), words);
    assert.equal(withoutPlates(words), words);
  }
});

test('words are kept without the plates in them', () => {
  assert.equal(withoutPlates('Red van gk26abc, then G K 2 6 A B D: abuse'), 'Red van ***, then ***: abuse');
  for (const one of found) assert.ok(!standsIn(withoutPlates(`It was ${one} I think`)), one);
});

test('the short words are those of the server', async () => {
  const source = await text('../../webapp/rules/short_words.py');
  const of = (...names) => new Set(names.flatMap((name) => source.match(new RegExp(`^${name} = """([^"]*)"""`, 'm'))[1].trim().split(/\s+/)));
  assert.deepEqual(WORDS, of('ONE_OR_TWO', 'THREE', 'NAMES'));
  assert.deepEqual(ABBREVIATIONS, of('SHORT_FORMS'));
});
