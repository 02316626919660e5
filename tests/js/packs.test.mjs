// What is kept of a pack, for whom, and for how long.
import assert from 'node:assert/strict';
import test, { beforeEach, mock } from 'node:test';

import { keepPacks, packOf, wardOnPhone } from '../../static/js/packs.js';
import { noteSignedOut, noteUser } from '../../static/js/person.js';
import { emptyPhone } from './phone.mjs';

const HOUR = 3_600_000;
const SUNITA = { id: 1, name: 'Sunita', kinds: ['fly_tipping'] };
const OWEN = { id: 2, name: 'Owen', kinds: ['fly_tipping'] };
const SQUARE = { type: 'Polygon', coordinates: [[[0.1, 51.2], [0.3, 51.2], [0.3, 51.4], [0.1, 51.4], [0.1, 51.2]]] };
const WARDS = { features: [{ type: 'Feature', properties: { name: 'Eynsford' }, geometry: SQUARE }] };
const START = Date.parse('2026-11-27T09:00:00Z');

let asked = [];
let answer;
// Node has none before version 21.
globalThis.navigator ??= {};

beforeEach(async () => {
  await emptyPhone();
  mock.timers.reset();
  delete navigator.connection;
  mock.timers.enable({ apis: ['Date'], now: START });
  asked = [];
  const pack = { kind: 'fly_tipping', version: 'a', expires_at: '2026-12-04T09:00:00Z', content: { wards: WARDS } };
  answer = () => Response.json(pack);
  mock.method(globalThis, 'fetch', async (address) => {
    asked.push(address);
    return answer();
  });
  await noteUser(SUNITA, Date.now());
});

test('a pack is fetched once a day', async () => {
  await keepPacks(SUNITA);
  mock.timers.tick(23 * HOUR);
  await keepPacks(SUNITA);
  assert.deepEqual(asked, ['/captures/pack/fly_tipping']);
  mock.timers.tick(2 * HOUR);
  await keepPacks(SUNITA);
  assert.equal(asked.length, 2);
});

test('it names the ward of a point, and says nothing of one outside all', async () => {
  await keepPacks(SUNITA);
  assert.deepEqual(await wardOnPhone('fly_tipping', { latitude: 51.3, longitude: 0.2 }), { ward: 'Eynsford' });
  assert.equal(await wardOnPhone('fly_tipping', { latitude: 51.3, longitude: 0.9 }), null);
});

test('one that is out of date is not used, and stays until a newer one has come', async () => {
  await keepPacks(SUNITA);
  mock.timers.tick(8 * 24 * HOUR);
  answer = () => new Response('<html>Sign in to the café’s network</html>', { headers: { 'Content-Type': 'text/html' } });
  await keepPacks(SUNITA);
  assert.equal(await packOf('fly_tipping'), null);
  mock.timers.setTime(START + HOUR);
  assert.deepEqual(await packOf('fly_tipping'), { wards: WARDS });
});

test('what was fetched for one is nothing to another, and nothing is kept for who has signed out meanwhile', async () => {
  await keepPacks(SUNITA);
  await noteSignedOut(1);
  assert.equal(await packOf('fly_tipping'), null);
  await noteUser(OWEN, Date.now());
  assert.equal(await packOf('fly_tipping'), null);
  const before = answer;
  answer = async () => {
    await noteSignedOut(1);
    return before();
  };
  await keepPacks(OWEN);
  await noteUser(OWEN, Date.now());
  assert.equal(await packOf('fly_tipping'), null);
});

test('who saves data is not made to fetch it', async () => {
  navigator.connection = { saveData: true };
  await keepPacks(SUNITA);
  assert.deepEqual(asked, []);
});
