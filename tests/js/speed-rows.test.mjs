// The vehicles of a session in the phone's store: kept with the counter in one write, put together with what another phone
// began, sent together, and without a plate from the receipt on.
import assert from 'node:assert/strict';
import test, { beforeEach, mock } from 'node:test';

import { newUuid } from '../../static/js/identity.js';
import { hurry, mayGo } from '../../static/js/outbox.js';
import { LATER } from '../../static/js/protocol.js';
import { sendDue } from '../../static/js/sender.js';
import { capturesOfKind } from '../../static/js/shared-captures.js';
import { begin, join, sessionNote, sessionsOf } from '../../static/js/speed-beginning.js';
import { beganAt, endedAt } from '../../static/js/speed-end.js';
import { changeAnswers } from '../../static/js/speed-ending.js';
import { entryKeeper, forgetOldEntries } from '../../static/js/speed-entry.js';
import { EMPTY, press } from '../../static/js/speed-keys.js';
import { forgetTakenOut, putRowBack, readingOf, rowOf, rowsOf, saveRow, takeRowOut } from '../../static/js/speed-rows.js';
import { capturesOf, changeSession, entryName, queueCount } from '../../static/js/speed-session.js';
import { tapped } from '../../static/js/speed-counter.js';
import { stateOf } from '../../static/js/speed-thanks.js';
import { captureWith, capturesIn, changeCapture, note, noted, withDatabase } from '../../static/js/store.js';
import { ModelServer } from './model-server.mjs';
import { emptyPhone } from './phone.mjs';

const PLATE = 'GK26ABC';
const BEGAN = '2026-11-29T10:30:00.000Z';
const page = { version: () => 1, madeAt: null };
const site = { code: 'SW901', name: 'Otford High Street', directions: ['north', 'south'] };
let session = null;
let number = 0;

const noteOf = (more) =>
  sessionNote({
    id: 's', owner: 7, site, threshold: 35, limit: 30, heldOn: '2026-11-29', beganAt: BEGAN, code: 'BCDF', isJoined: false, crew: 2, direction: 'north',
    hasAllSpeeds: false, isSpokenBack: false, answers: { site: ['SW901'] }, ...more,
  });

beforeEach(async () => {
  await emptyPhone();
  number = 0;
  session = noteOf();
});

const entry = (keys) => [...keys].reduce((now, key) => press(now, key, 35).entry, EMPTY);

async function log(keys, instead = null) {
  const about = { id: newUuid(), number: instead?.number ?? (number += 1), at: '2026-11-29T10:31:00.000Z', vehicle: 'car', direction: 'north' };
  const reading = readingOf(session, page, entry(keys), about);
  session = await saveRow(session, reading, instead);
  return rowOf(await captureWith(reading.id));
}

const everything = () =>
  withDatabase(async (database) => JSON.stringify([await database.getAll('captures'), await database.getAll('notes'), await database.getAllKeys('notes')]));

function calmServer() {
  const server = new ModelServer(() => 0.99);
  server.isCalm = true;
  server.user = { id: 7 };
  return server;
}

test('a row, the counter and what was typed are one write, and the row is queued at once', async () => {
  await begin(session, page);
  session = await changeSession(session, (one) => tapped(one, 1));
  await note(entryName(7, 's'), { entry: entry('44GK') });
  const row = await log(`44${PLATE}`);
  assert.deepEqual([row.mask, row.state, session.counted, session.number], ['GK** A**', 'queued', 2, 1]);
  assert.equal(await noted(entryName(7, 's')), undefined);
  const kept = await captureWith(row.id);
  assert.deepEqual([kept.parent, kept.kind, kept.clears_at_once, kept.captured_at], ['s', 'speed_reading', true, '2026-11-29T10:31:00.000Z']);
  assert.doesNotMatch(kept.title, /GK/);
});

test('after the receipt no plate is on the phone, in no state of anything', async () => {
  await begin(session, page);
  await log(`44${PLATE}`);
  await log('28');
  assert.match(await everything(), /GK26ABC/);
  await sendDue(calmServer().net());
  assert.doesNotMatch(await everything(), /GK26|GK\*\*/);
  // A hash of so little can be found by trying: there is none.
  assert.doesNotMatch(JSON.stringify(await capturesOfKind('speed_reading')), /[0-9a-f]{64}/);
  assert.deepEqual((await rowsOf(session)).map(({ speed, state, isWhole }) => [speed, state, isWhole]), [[44, 'complete', false], [28, 'complete', false]]);
});

test('a session and its rows go in one request, the session first', async () => {
  await begin(session, page);
  // On a phone a page opens between the two.
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const keys of ['28', `44${PLATE}`, '36LB64RTY']) await log(keys);
  const server = calmServer();
  const net = server.net();
  const asked = [];
  await sendDue({ ...net, sendWords: () => assert.fail('one by one'), sendSeveral: (all, who) => (asked.push(all.map(({ kind }) => kind)), net.sendSeveral(all, who)) });
  assert.deepEqual(asked, [['speed_watch', 'speed_reading', 'speed_reading', 'speed_reading']]);
  assert.equal(server.captures.size, 4);
});

test('one bad row of many holds up no other', async () => {
  await begin(session, page);
  for (const keys of ['28', '29', '31']) await log(keys);
  const server = calmServer();
  await sendDue(server.net(({ answers }) => answers.speed?.[0] === '29'));
  assert.equal(server.captures.size, 3);
  assert.deepEqual((await capturesIn(['parked'])).map(({ title }) => title), ['Vehicle 2, 29 mph']);
});

test('of a vehicle that was sent it is still known which way it went, and what it was', async () => {
  await begin(session, page);
  const row = await log(`44${PLATE}`);
  await sendDue(calmServer().net());
  const [sent] = await rowsOf(session);
  assert.deepEqual([sent.state, sent.vehicle, sent.direction, sent.mask], ['complete', 'car', 'north', '']);
  assert.deepEqual([row.colour, row.make], [sent.colour, sent.make]);
});

test('250 rows go in portions of a hundred', async () => {
  for (let count = 0; count < 250; count += 1) await log('28');
  const server = calmServer();
  const net = server.net();
  const sizes = [];
  await sendDue({ ...net, sendSeveral: (all, who) => (sizes.push(all.length), net.sendSeveral(all, who)) });
  assert.deepEqual(sizes, [100, 100, 50]);
  assert.equal(server.captures.size, 250);
});

test('what was taken out before it was sent is forgotten here, and can be put back for a moment', async () => {
  await begin(session, page);
  session = await changeSession(session, (one) => tapped(one, 1));
  const row = await log(`44${PLATE}`);
  session = await takeRowOut(session, row.id);
  assert.equal(session.counted, 1);
  assert.deepEqual(await rowsOf(session), []);
  session = await putRowBack(session, row.id);
  assert.equal(session.counted, 2);
  assert.equal((await rowsOf(session)).length, 1);
  session = await takeRowOut(session, row.id);
  await withDatabase(async (database) => database.put('captures', { ...(await database.get('captures', row.id)), next_try_at: 0 }));
  await forgetTakenOut();
  assert.equal(await captureWith(row.id), undefined);
});

test('what was sent and taken out is taken back at the server, and then nothing is put back', async () => {
  await begin(session, page);
  const row = await log(`44${PLATE}`);
  const server = calmServer();
  await sendDue(server.net());
  session = await takeRowOut(session, row.id);
  await sendDue({ ...server.net(), takeBack: async () => LATER }, () => Date.now() + 9000);
  assert.equal(await putRowBack(session, row.id), null);
  await sendDue(server.net(), () => Date.now() + 900_000);
  assert.ok(server.removed.has(row.id) && !server.captures.has(row.id));
  assert.equal(await captureWith(row.id), undefined);
});

test('what the server does not give back is shown with its reason until its person has read it', async () => {
  await begin(session, page);
  const row = await log(`44${PLATE}`);
  const server = calmServer();
  await sendDue(server.net());
  session = await takeRowOut(session, row.id);
  const problem = { code: 'invalid', words: 'Not so.', errors: { form: ['This session has been checked.'] } };
  let asked = 0;
  const net = { ...server.net(), takeBack: async () => ((asked += 1), { kind: 'refused', problem }) };
  await sendDue(net, () => Date.now() + 9000);
  await sendDue(net, () => Date.now() + 900_000);
  const left = await captureWith(row.id);
  assert.deepEqual([left.state, left.problem.code, left.problem.errors, asked], ['parked', 'stays', problem.errors, 1]);
  assert.ok(!mayGo(left) && server.captures.has(row.id));
  // Wardbook has it: nothing of it is still to be corrected here, and its plate is not here.
  assert.doesNotMatch(await everything(), new RegExp(PLATE));
  assert.equal(stateOf([left]).words.startsWith('All of it was sent'), true);
  assert.deepEqual((await rowsOf(session)).map(({ state, why }) => [state, why]), [['complete', '']]);
});

test('a corrected row takes the place of the old one, with its number and its time', async () => {
  await begin(session, page);
  const row = await log(`44${PLATE}`);
  const server = calmServer();
  await sendDue(server.net());
  const again = await log('46LB64RTY', row);
  await sendDue(server.net(), () => Date.now() + 9000);
  assert.ok(server.removed.has(row.id) && server.captures.has(again.id));
  const left = await rowsOf(session);
  assert.deepEqual(left.map(({ number: one, speed, at }) => [one, speed, at]), [[1, 46, '2026-11-29T10:31:00.000Z']]);
});

test('two tabs that correct one row at the same time make one row of it', async () => {
  const row = await log(`44${PLATE}`);
  const corrected = (keys) => readingOf(session, page, entry(keys), { ...row, id: newUuid() });
  const after = await Promise.all([saveRow(session, corrected('46LB64RTY'), row), saveRow(session, corrected('47LB64RTX'), row)]);
  assert.deepEqual(after.map(Boolean), [true, false]);
  assert.deepEqual((await rowsOf(session)).map(({ speed }) => speed), [46]);
  // Nor does a correction bring back what another tab took out.
  const [left] = await rowsOf(session);
  await takeRowOut(session, left.id);
  assert.equal(await saveRow(session, corrected('48LB64RTY'), left), null);
});

test('nothing hurries what was taken out a moment ago', async () => {
  const row = await log(`44${PLATE}`);
  await takeRowOut(session, row.id);
  await changeCapture(row.id, hurry);
  await forgetTakenOut();
  assert.ok(await putRowBack(session, row.id));
  // Once the server was asked, it is asked again as soon as there is a signal.
  await takeRowOut(session, row.id);
  const tried = await changeCapture(row.id, (one) => ({ ...one, is_removal_tried: true }));
  assert.equal(hurry(tried).next_try_at, 0);
});

test('what is half typed is kept, and not longer than its session goes on', async () => {
  session = noteOf({ beganAt: new Date().toISOString() });
  await begin(session, page);
  let typed = { entry: entry('44GK') };
  const keeper = entryKeeper(session, () => typed);
  keeper.soon();
  keeper.not();
  await new Promise((resolve) => setTimeout(resolve, 350));
  assert.equal(await noted(entryName(7, 's')), undefined);
  await keeper.now();
  await forgetOldEntries(null);
  assert.equal((await noted(entryName(7, 's'))).entry.plate, 'GK');
  typed = null;
  await keeper.now();
  assert.equal(await noted(entryName(7, 's')), undefined);
  typed = { entry: entry('44GK') };
  for (const over of [{ ended_at: BEGAN }, { ended_at: null, began_at: BEGAN.replace('2026', '2025') }]) {
    await changeSession(session, (one) => ({ ...one, ...over }));
    await keeper.now();
    await forgetOldEntries('s');
    assert.match(await everything(), /GK/);
    await forgetOldEntries(null);
    assert.doesNotMatch(await everything(), /GK/);
  }
});

test('what was put back while the phone let go of what is taken out stays', async () => {
  const row = await log(`44${PLATE}`);
  await takeRowOut(session, row.id);
  await withDatabase(async (database) => database.put('captures', { ...(await database.get('captures', row.id)), next_try_at: 0 }));
  await Promise.all([forgetTakenOut(), putRowBack(session, row.id)]);
  assert.deepEqual((await rowsOf(session)).map(({ speed }) => speed), [44]);
});

test('a row that the server refuses says why', async () => {
  await log('29');
  await sendDue(calmServer().net(() => true));
  const [row] = await rowsOf(session);
  assert.deepEqual([row.state, Boolean(row.why)], ['parked', true]);
});

test('a row that was never sent is corrected without a word to the server', async () => {
  const row = await log('44');
  await log('46', row);
  assert.equal(await captureWith(row.id), undefined);
  assert.deepEqual((await rowsOf(session)).map(({ speed }) => speed), [46]);
});

test('the count of a phone is one capture, whose versions follow the taps', async () => {
  await begin(session, page);
  const server = calmServer();
  for (const step of [1, 1, 1]) {
    session = await changeSession(session, (one) => tapped(one, step));
    session = await queueCount(session, page);
    await sendDue(server.net());
  }
  const versions = server.captures.get(session.counter.id).versions;
  assert.deepEqual(versions.map(({ rev, content }) => [rev, content.answers.counted[0]]), [[1, '1'], [2, '2'], [3, '3']]);
  assert.equal(await queueCount(session, page), session);
});

test('who joins sends no session, and joining twice forgets nothing', async () => {
  session = noteOf({ isJoined: true });
  await join(session);
  await log('44');
  await join(noteOf({ isJoined: true }));
  assert.equal((await noted('speed:7:s')).number, 1);
  await changeAnswers(session, page, {}, { ended_at: '2026-11-29T11:20:00.000Z' });
  await join(noteOf({ isJoined: true }));
  session = await noted('speed:7:s');
  assert.deepEqual([session.number, session.ended_at], [1, null]);
  session = await changeAnswers(session, page, {}, { ended_at: '2026-11-29T11:30:00.000Z' });
  assert.equal(await captureWith('s'), undefined);
  assert.deepEqual((await sessionsOf(7)).map(({ ended_at: at }) => at), ['2026-11-29T11:30:00.000Z']);
  assert.deepEqual(await sessionsOf(8), []);
});

test('a session that ends the day after, when the phone has only a line of it, is its next version', async () => {
  await begin(session, page);
  const server = calmServer();
  await sendDue(server.net());
  const { id, owner, kind, title, state, sent_at, receipt } = await captureWith('s');
  await withDatabase((database) => database.put('captures', { id, owner, kind, title, state, sent_at, receipt, photo_ids: [], is_light: true }));
  session = await changeAnswers(session, page, { ended_moment: ['2026-11-29T11:30:00.000Z'] }, { ended_at: '2026-11-29T11:30:00.000Z' });
  await sendDue(server.net());
  assert.equal(server.clashes, 0);
  assert.deepEqual(server.captures.get('s').versions.map(({ rev }) => rev), [1, 2]);
  assert.equal((await captureWith('s')).state, 'complete');
});

test('a session whose capture was cleared from the phone ends as its next version, as the server has it', async () => {
  await begin(session, page);
  const server = calmServer();
  await sendDue(server.net());
  const { receipt } = await captureWith('s');
  await withDatabase((database) => database.delete('captures', 's'));
  mock.method(globalThis, 'fetch', async () => Response.json([{ id: 's', receipt }]));
  session = await changeAnswers(session, page, { ended_moment: ['2026-11-29T11:30:00.000Z'] }, { ended_at: '2026-11-29T11:30:00.000Z' });
  mock.restoreAll();
  await sendDue(server.net());
  assert.equal(server.clashes, 0);
  assert.deepEqual(server.captures.get('s').versions.map(({ rev }) => rev), [1, 2]);
});

test('the count goes on after only a line of it is left', async () => {
  await begin(session, page);
  const server = calmServer();
  const countOne = async () => {
    session = await changeSession(session, (one) => tapped(one, 1));
    session = await queueCount(session, page);
    await sendDue(server.net());
  };
  await countOne();
  const { id, owner, kind, title, state, sent_at, receipt } = await captureWith(session.counter.id);
  await withDatabase((database) => database.put('captures', { id, owner, kind, title, state, sent_at, receipt, photo_ids: [], is_light: true }));
  await countOne();
  assert.equal(server.clashes, 0);
  const { content } = server.captures.get(session.counter.id).versions.at(-1);
  assert.deepEqual([content.answers.counted[0], content.parent], ['2', 's']);
});

test('each capture opens the log of its session at itself', async () => {
  await begin(session, page);
  const row = await log(`44${PLATE}`);
  const [own, kept] = await Promise.all([captureWith('s'), captureWith(row.id)]);
  assert.equal(own.opens + own.id, '/speed-watch/log?id=s&open=s');
  assert.equal(kept.opens + kept.id, `/speed-watch/log?id=s&open=${row.id}`);
});

test('all is said to be sent only when it was, and what waits for its session is said to wait', async () => {
  await begin(session, page);
  const row = await log(`44${PLATE}`);
  const words = async () => stateOf(await capturesOf(session)).words;
  assert.match(await words(), /^2 still on this phone. They go by themselves/);
  const server = calmServer();
  await sendDue(server.net(({ kind }) => kind === 'speed_reading'));
  assert.match(await words(), /^1 of it was not taken/);
  await withDatabase(async (database) => database.put('captures', { ...(await database.get('captures', row.id)), state: 'complete', receipt: { state: 'parent' } }));
  assert.match(await words(), /1 of it waits at Wardbook/);
  await withDatabase(async (database) => database.put('captures', { ...(await database.get('captures', row.id)), state: 'removing' }));
  assert.match(await words(), /^1 still on this phone. It goes by itself/);
  await withDatabase((database) => database.delete('captures', row.id));
  assert.match(await words(), /^All of it was sent/);
});

test('a start that is corrected is the newest such time that has come', () => {
  assert.equal(beganAt('10:30', new Date('2026-11-29T11:00:00Z')).toISOString(), '2026-11-29T10:30:00.000Z');
  assert.equal(beganAt('23:30', new Date('2026-11-29T00:20:00Z')).toISOString(), '2026-11-28T23:30:00.000Z');
});

test('an end is a moment: on the next day past midnight, and true when clocks change', () => {
  const at = (began, time, now) => endedAt(began, time, new Date(now)).toISOString();
  assert.equal(at('2026-11-29T10:30:00Z', '11:45', '2026-11-29T12:00:00Z'), '2026-11-29T11:45:00.000Z');
  assert.equal(at('2026-06-21T10:30:00Z', '12:45', '2026-06-21T12:00:00Z'), '2026-06-21T11:45:00.000Z');
  assert.equal(at('2026-11-29T23:30:00Z', '00:20', '2026-11-30T00:30:00Z'), '2026-11-30T00:20:00.000Z');
  // It began at 1:30 in summer time and ends at 1:20 in winter time, fifty minutes later.
  assert.equal(at('2026-10-25T00:30:00Z', '01:20', '2026-10-25T01:20:30Z'), '2026-10-25T01:20:30.000Z');
  // The day after, at the minute that it shows: it ended then and not now.
  assert.equal(at('2026-11-29T10:30:00Z', '11:45', '2026-11-30T11:45:30Z'), '2026-11-29T11:45:00.000Z');
  // Earlier than it began, and not yet tomorrow: it is said to be wrong.
  assert.ok(at('2026-11-29T10:30:00Z', '10:15', '2026-11-29T11:00:00Z') < '2026-11-29T10:30');
});
