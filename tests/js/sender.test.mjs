// When the sender looks: nothing that was wanted is left lying, and a broken phone is not asked without end.
import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';

import { sendSoon } from '../../static/js/sender.js';
import { saveCapture } from '../../static/js/store.js';
import { emptyPhone } from './phone.mjs';

let asked = 0;

beforeEach(async () => {
  await emptyPhone();
  await saveCapture({ id: 'a', owner: null, kind: 'fly_tipping', state: 'draft', photo_ids: [], changed_at: '' }, [], (one) => ({ ...one, state: 'queued', queued_at: 1 }));
  asked = 0;
  mock.method(globalThis, 'fetch', async () => {
    asked += 1;
    throw new TypeError('no network');
  });
  // The pause after silence would keep the test waiting.
  mock.method(globalThis, 'setTimeout', () => null);
});

afterEach(() => {
  mock.restoreAll();
  delete globalThis.navigator;
});

function withLock(request) {
  Object.defineProperty(globalThis, 'navigator', { value: { locks: { request } }, configurable: true });
}

test('what is wanted while the lock is being given back is looked at at once', async () => {
  let wantLate = sendSoon;
  withLock(async (name, work) => {
    await work();
    wantLate();
    wantLate = () => null;
  });
  await sendSoon();
  assert.equal(asked, 2);
});

test('a phone that gives no lock is left alone until the next look', async () => {
  let tries = 0;
  mock.method(console, 'error', () => null);
  withLock(async () => {
    tries += 1;
    throw new Error('not fully active');
  });
  await sendSoon();
  assert.equal(tries, 1);
  assert.equal(asked, 0);
});
