// Removing what was not sent, while other tabs go on.
import assert from 'node:assert/strict';
import test, { beforeEach, mock } from 'node:test';

import { letGo } from '../../static/js/let-go.js';
import { captureWith, changeCapture, note, noted, saveCapture } from '../../static/js/store.js';
import { emptyPhone } from './phone.mjs';

const shown = { id: 'a', owner: null, secret: 'a secret', kind: 'fly_tipping', state: 'queued', photo_ids: [], changed_at: '' };

beforeEach(async () => {
  await emptyPhone();
  await saveCapture({ ...shown, state: 'draft' }, [], (draft) => ({ ...draft, state: 'queued' }));
  globalThis.window = { confirm: () => true };
});

test('what never went out is removed without asking anybody', async () => {
  mock.method(globalThis, 'fetch', () => assert.fail('nobody is to be asked'));
  assert.equal(await letGo(shown), '');
  assert.equal(await captureWith('a'), undefined);
});

test('what its person would rather keep stays, and nothing is said', async () => {
  globalThis.window = { confirm: () => false };
  assert.equal(await letGo(shown), null);
  assert.equal((await captureWith('a')).state, 'queued');
});

test('what another tab sent while its person thought about it stays', async () => {
  await changeCapture('a', (one) => ({ ...one, state: 'complete', sent_rev: 1 }));
  assert.match(await letGo(shown), /was sent meanwhile/);
  assert.equal((await captureWith('a')).state, 'complete');
});

test('what another tab began to send meanwhile is taken back at the server first', async () => {
  await changeCapture('a', (one) => ({ ...one, sent_rev: 1 }));
  const asked = [];
  mock.method(globalThis, 'fetch', async (address, { method = 'GET' } = {}) => {
    asked.push(`${method} ${address}`);
    const session = { user: null, csrf_token: null, server_time: '2026-11-22T12:00:00Z' };
    return Response.json(address === '/session' ? session : { id: 'a', state: 'removed' });
  });
  assert.equal(await letGo(shown), '');
  assert.deepEqual(asked, ['GET /session', 'DELETE /captures/a']);
  assert.equal(await captureWith('a'), undefined);
});

test('of a session that goes on only the change is let go of, and nobody is asked to take it back', async () => {
  const asked = [];
  globalThis.window = { confirm: (words) => asked.push(words) };
  mock.method(globalThis, 'fetch', () => assert.fail('nobody is to be asked'));
  const receipt = { rev: 1, base_rev: 1, content_sha256: 'a hash', reference: 'SW-2026-00001' };
  await note('speed:7:a', { id: 'a', ended_at: '2026-11-29T11:30:00.000Z' });
  await changeCapture('a', (one) => ({ ...one, owner: 7, keeps_state: true, state: 'parked', sent_rev: 2, acked: { rev: 1, sha256: 'a hash', missing: [] }, receipt, attempt: null }));
  assert.equal(await letGo(shown), '');
  assert.match(asked[0], /Wardbook has this already/);
  const { state, is_light: isLight, receipt: kept } = await captureWith('a');
  assert.deepEqual([state, isLight, kept.rev], ['complete', true, 1]);
  assert.equal((await noted('speed:7:a')).ended_at, null);
});

test('a session that was never taken goes on once its end is let go of, and can be ended again', async () => {
  await note('speed:7:a', { id: 'a', ended_at: '2026-11-29T11:30:00.000Z' });
  await changeCapture('a', (one) => ({ ...one, owner: 7, keeps_state: true, kind: 'speed_watch', state: 'parked' }));
  assert.equal(await letGo(shown), '');
  assert.equal(await captureWith('a'), undefined);
  assert.equal((await noted('speed:7:a')).ended_at, null);
});

test('a change that may be arriving just now is not let go of', async () => {
  await changeCapture('a', (one) => ({ ...one, keeps_state: true, acked: { rev: 1, missing: [] }, attempt: { rev: 2 } }));
  assert.match(await letGo(shown), /may have been sent/);
  assert.equal((await captureWith('a')).state, 'queued');
});
