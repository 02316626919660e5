// Whose phone it is, while tabs that were left open and late answers say otherwise.
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';

import { currentPerson, noteSignedOut, noteUser } from '../../static/js/person.js';
import { emptyPhone } from './phone.mjs';

const SUNITA = { id: 1, name: 'Sunita' };
const OWEN = { id: 2, name: 'Owen' };
const long = 60_000;

beforeEach(emptyPhone);

test('a session that ran out leaves its person', async () => {
  await noteUser(SUNITA, Date.now());
  await noteUser(null, Date.now());
  assert.deepEqual(await currentPerson(), { ...SUNITA, is_signed_in: false });
});

test('neither an open tab nor a late answer brings back whoever has signed out', async () => {
  await noteUser(SUNITA, Date.now() - long);
  await noteSignedOut(1);
  for (const askedAt of [Date.now() - long, Date.now()]) assert.equal(await noteUser(SUNITA, askedAt), null);
  await noteUser(null, Date.now());
  assert.equal(await noteUser(SUNITA, Date.now()), null);
  assert.equal(await currentPerson(), null);
});

test('whoever signs in after a sign-out is here, the same one a little later too', async () => {
  await noteSignedOut(1);
  assert.equal((await noteUser(SUNITA, Date.now() + long)).id, 1);
  await noteSignedOut(1);
  assert.equal((await noteUser(OWEN, Date.now())).id, 2);
});
