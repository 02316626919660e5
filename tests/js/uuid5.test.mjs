// Two phones and the server make the same id of the same words.
import assert from 'node:assert/strict';
import test from 'node:test';

import { sessionId } from '../../static/js/speed-beginning.js';
import { uuid5 } from '../../static/js/uuid5.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

test('an id is the one that Python’s uuid.uuid5 makes', async () => {
  assert.equal(await uuid5(DNS, 'python.org'), '886313e1-3b8a-5372-9b90-0c9aee199e5d');
  assert.equal(await uuid5(DNS, 'SW014 2026-11-29 BCDF'), '94aebd00-0e84-50ae-9ef2-be72d8ec8adc');
  assert.equal(await uuid5(DNS, 'Ünïcode'), 'dc6d1ab4-37a6-5527-a6be-7ee71a3a2499');
  assert.equal(await uuid5(DNS, ''), '4ebd0208-8328-5d69-8c44-ec50939c0967');
});

test('a session’s id is made of its site, its day and its four letters', async () => {
  assert.equal(await sessionId('SW014', '2026-11-29', 'BCDF'), 'a3f934bb-48cd-5a9e-b6c7-1926ff101b5a');
  assert.equal(await sessionId('SW001', '2026-06-01', 'KTXZ'), '4b16c66f-5e16-5b61-91e5-93234bfb9eb1');
});
