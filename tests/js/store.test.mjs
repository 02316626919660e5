// What the phone keeps, against a real implementation of IndexedDB in memory.
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';

import { captureOf, keepDraft } from '../../static/js/draft.js';
import { close, draftsOf, forgetCapture, photosOf, saveCapture } from '../../static/js/store.js';
import { form } from './form.mjs';
import { emptyPhone } from './phone.mjs';

const photo = (id, ...bytes) => ({
  id, name: `${id}.jpg`, type: 'image/jpeg', last_modified: 1, bytes: new Uint8Array(bytes).buffer,
});

const capture = (id, photos, { kind = 'fly_tipping', at = '2026-11-23T09:00:00.000Z' } = {}) =>
  captureOf(form(kind, [['capture_id', 'hidden', id], ['place_text', 'text', `place of ${id}`]]), photos, at);

beforeEach(emptyPhone);

test('a draft comes back with its photos, byte for byte and in order', async () => {
  const photos = [photo('b', 1, 2, 3), photo('a', 4, 5)];
  await saveCapture(capture('one', photos), photos);
  const [draft] = await draftsOf('fly_tipping');
  const kept = await photosOf(draft);
  assert.deepEqual(draft.payload.place_text, ['place of one']);
  assert.deepEqual(kept.map(({ id }) => id), ['b', 'a']);
  assert.deepEqual([...new Uint8Array(kept[0].bytes)], [1, 2, 3]);
});

test('the draft keeps its own capture id and is in state draft', async () => {
  await saveCapture(capture('one', []), []);
  const [draft] = await draftsOf('fly_tipping');
  assert.equal(draft.id, 'one');
  assert.equal(draft.state, 'draft');
});

test('a save that cannot keep a photo changes nothing at all', async () => {
  const first = [photo('a', 1)];
  await saveCapture(capture('one', first), first);
  const broken = [photo('a', 1), { ...photo('b', 2), bytes: () => 'cannot be cloned' }];
  const changed = capture('one', broken, { at: '2026-11-23T10:00:00.000Z' });
  await assert.rejects(saveCapture(changed, broken));
  const [draft] = await draftsOf('fly_tipping');
  assert.equal(draft.changed_at, '2026-11-23T09:00:00.000Z');
  assert.deepEqual((await photosOf(draft)).map(({ id }) => id), ['a']);
});

test('a removed photo goes, and the other stays', async () => {
  const both = [photo('a', 1), photo('b', 2)];
  await saveCapture(capture('one', both), both);
  await saveCapture(capture('one', both.slice(1)), both.slice(1));
  const [draft] = await draftsOf('fly_tipping');
  assert.deepEqual((await photosOf(draft)).map(({ id }) => id), ['b']);
});

test('drafts are listed newest first and only of their kind', async () => {
  await saveCapture(capture('old', [], { at: '2026-11-22T09:00:00.000Z' }), []);
  await saveCapture(capture('new', []), []);
  await saveCapture(capture('walk', [], { kind: 'eva' }), []);
  assert.deepEqual((await draftsOf('fly_tipping')).map(({ id }) => id), ['new', 'old']);
});

test('forgetting one capture leaves the others and their photos', async () => {
  const photos = [photo('a', 1)];
  await saveCapture(capture('one', []), []);
  await saveCapture(capture('two', photos), photos);
  await forgetCapture('one');
  const [draft] = await draftsOf('fly_tipping');
  assert.equal(draft.id, 'two');
  assert.equal((await photosOf(draft)).length, 1);
});

test('forgetting a capture takes its photos too', async () => {
  const photos = [photo('a', 1)];
  const kept = capture('one', photos);
  await saveCapture(kept, photos);
  await forgetCapture('one');
  assert.deepEqual(await draftsOf('fly_tipping'), []);
  assert.deepEqual(await photosOf(kept), []);
});

test('after the browser has closed the database the next save opens it again', async () => {
  await saveCapture(capture('one', []), []);
  await close();
  await saveCapture(capture('two', []), []);
  assert.equal((await draftsOf('fly_tipping')).length, 2);
});

test('what was sent off in another tab is not taken for what is handed over here, unless it says the same', async (t) => {
  globalThis.window = { addEventListener() {} };
  globalThis.document = { addEventListener() {} };
  t.after(() => delete globalThis.window && delete globalThis.document);
  const typed = (words) => {
    const filled = { ...form('eva', [['capture_id', 'hidden', 'one'], ['title', 'text', words]]), addEventListener() {} };
    return keepDraft(filled, { kept: () => [] }, 1, () => null);
  };
  assert.equal(await typed('Half a plan').finish(), 'one');
  assert.equal(await typed('Half a plan').finish(), 'one');
  await assert.rejects(typed('A whole plan').finish(), /not kept/);
});
