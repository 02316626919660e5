// When the sender looks: nothing that was wanted is left lying, and a broken phone is not asked without end.
import assert from 'node:assert/strict';
import test, { afterEach, beforeEach, mock } from 'node:test';

import { sendDue, sendSoon } from '../../static/js/sender.js';
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

test('words that are saved during a round of photos do not wait for its end', async () => {
  let release = null;
  withLock(() => new Promise((resolve) => (release = resolve)));
  const sent = [];
  const keep = (capture) => saveCapture({ owner: null, photo_ids: [], changed_at: '', ...capture, state: 'draft' }, [], (one) => ({ ...one, ...capture }));
  const receipt = { kind: 'receipt', receipt: { missing: [] } };
  const net = {
    askSession: async () => ({ user: null }),
    async sendWords({ id }) {
      sent.push(id);
      return receipt;
    },
    async sendPhoto({ id }) {
      sent.push(`photo of ${id}`);
      if (sent.length === 2) await keep({ id: 'new', state: 'queued', queued_at: 9 });
      sendSoon();
      return receipt;
    },
  };
  for (const id of ['b', 'c', 'd']) {
    await saveCapture({ id, owner: null, state: 'draft', photo_ids: [id], changed_at: '' }, [{ id, bytes: new ArrayBuffer(1) }], (one) => ({
      ...one, state: 'received', queued_at: 2, acked: { missing: [id] }, content: { photos: [{ id }] },
    }));
  }
  await sendDue(net);
  release();
  assert.deepEqual(sent, ['a', 'photo of b', 'new', 'photo of c', 'photo of d']);
});
