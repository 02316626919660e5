// What a walk works out on the phone: its track, its map, the walk before, the lines of its list.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { beforeEach } from 'node:test';

import { adoptCapture, keepChange } from '../../static/js/shared-captures.js';
import { captureWith, forgetCapture, lighten, noted, saveCapture } from '../../static/js/store.js';
import { said } from '../../static/js/walk-answers.js';
import { before } from '../../static/js/walk-before.js';
import { lineOfOthers, numberOf, placeOf } from '../../static/js/walk-lines.js';
import { frame } from '../../static/js/walk-map.js';
import { endOf, minutesBetween } from '../../static/js/walk-rest.js';
import { metresBetween, pointsOf, spelled, TRACK_MOST, whereabouts, withFix } from '../../static/js/whereabouts.js';
import { emptyPhone } from './phone.mjs';

const at = (latitude, longitude, accuracy = 5) => ({ latitude, longitude, accuracy_m: accuracy });
const MARYS = at(51.39854, 0.16356);

beforeEach(emptyPhone);

test('a track takes a point every ten metres, and none that is rough', () => {
  const track = withFix([], MARYS);
  assert.equal(track.length, 1);
  assert.equal(withFix(track, at(51.39856, 0.16356)), track);
  assert.equal(withFix(track, at(51.4, 0.16356, 80)), track);
  assert.equal(withFix(track, at(51.39866, 0.16356)).length, 2);
  assert.equal(spelled(withFix(track, at(51.4, 0.17))), '51.398540 0.163560\n51.400000 0.170000');
});

test('a track stops growing before the form would refuse it', async () => {
  const form = await readFile(new URL('../../webapp/forms/eva.py', import.meta.url), 'utf8');
  const [, most] = form.match(/RECORDED_MOST = \d+, (\d+)/);
  assert.equal(TRACK_MOST, Number(most));
  const full = Array.from({ length: TRACK_MOST }, (_, index) => at(51 + index / 1000, 0));
  assert.equal(withFix(full, at(40, 0)), full);
  assert.equal(withFix(full.slice(1), at(40, 0)).length, TRACK_MOST);
});

test('the points of a text are its lines of latitude and longitude, as a track is spelled', () => {
  const track = [{ latitude: 51.39854, longitude: 0.16356 }, { latitude: 51.4, longitude: -0.17 }];
  assert.deepEqual(pointsOf(spelled(track)), track);
  assert.deepEqual(pointsOf('TN13 1GP\n 51.4, -0.17 \nTQ 529 546\n'), track.slice(1));
});

/** A phone that says where it is by `say(latitude)`, as long as somebody watches. */
function position() {
  let hear = null;
  return {
    watchPosition: (listener) => ((hear = listener), 7),
    clearWatch: () => (hear = null),
    say: (latitude) => hear?.({ coords: { latitude, longitude: 0, accuracy: 5 }, timestamp: Date.now() }),
  };
}

test('a track that was stopped takes no point more, not even after the page was opened again', async () => {
  const geolocation = position();
  const where = whereabouts({ trackName: 'track:1:a', geolocation });
  await where.record(true);
  await geolocation.say(51.1);
  await where.stop();
  await geolocation.say(51.2);
  // An observation that is written down afterwards asks for its own place.
  where.start();
  await geolocation.say(51.3);
  assert.equal(where.track().length, 1);
  const again = whereabouts({ trackName: 'track:1:a', geolocation });
  await again.restore();
  assert.deepEqual([again.track().length, again.isTracking()], [1, false]);
  assert.deepEqual(await noted('track:1:a'), { points: where.track(), is_on: false });
});

const now = (words) => ({ content: { answers: { words: [words] } }, sha256: words, title: words, at: 5, payload: { words: [words] } });
const sent = (rev) => ({
  id: 'a', owner: 1, kind: 'eva', state: 'complete', content: {}, content_sha256: `version ${rev}`, payload: {}, rev, sent_rev: rev,
  acked: { rev, base_rev: rev, sha256: `version ${rev}`, missing: [] }, photo_ids: [], sent_at: 1, queued_at: 1, changed_at: '',
});

test('what is changed on a page that was open for days is kept, whatever this phone has let go of meanwhile', async () => {
  await lighten({ ...sent(2), payload: undefined, content: undefined, acked: undefined, is_light: true });
  assert.equal((await keepChange(sent(2), now('changed'))).state, 'queued');
  const kept = await captureWith('a');
  assert.deepEqual([kept.payload, kept.rev, kept.acked.base_rev, kept.is_light], [{ words: ['changed'] }, 3, 2, undefined]);
  await forgetCapture('a');
  await keepChange(sent(2), now('changed'));
  assert.equal((await captureWith('a')).state, 'queued');
});

test('what another tab kept meanwhile is what a change is made from, and the same words are no change', async () => {
  await saveCapture({ ...sent(4), state: 'draft' }, [], (draft) => ({ ...draft, state: 'complete' }));
  assert.equal((await keepChange(sent(2), now('version 4'))).state, 'complete');
  assert.equal((await keepChange(sent(2), now('changed'))).rev, 5);
});

test('a newer version of the server comes in where all is sent, and never over what waits', async () => {
  await adoptCapture(sent(1));
  assert.equal((await adoptCapture(sent(2))).rev, 2);
  assert.equal((await adoptCapture(sent(1))).rev, 2);
  await keepChange(sent(2), now('changed'));
  assert.equal((await adoptCapture(sent(9))).state, 'queued');
});

test('rows that are still empty make no difference between answers, where they stand does', () => {
  const people = { 'people-name': ['Rosa', 'Vic'], 'people-type': ['resident'] };
  assert.equal(said({ ...people, 'people-name': ['Rosa', 'Vic', '', ''], title: [''], safety: [] }), said(people));
  assert.notEqual(said({ 'people-name': ['', 'Rosa'] }), said({ 'people-name': ['Rosa', ''] }));
});

test('a walk may end on the day after it began, and never in the minute of its beginning', () => {
  assert.equal(endOf('10:30', '11:05'), '11:05');
  assert.equal(endOf('23:50', '00:10'), '00:10');
  assert.equal(endOf('9.30', '09:30'), '09:31');
  assert.equal(endOf('23:59', '23:59'), '00:00');
  assert.deepEqual([minutesBetween('10:30', '11:05'), minutesBetween('23:50', '00:10')], [35, 20]);
});

test('metres are metres in both directions', () => {
  assert.ok(Math.abs(metresBetween(MARYS, at(51.39944, 0.16356)) - 100) < 1);
  assert.ok(Math.abs(metresBetween(MARYS, at(51.39854, 0.16500)) - 100) < 1);
});

test('the map holds every place with the same scale both ways, north up', () => {
  const places = [MARYS, at(51.40034, 0.16356), at(51.39854, 0.17)];
  const { point, perMetre } = frame(places, 360, 360);
  for (const [x, y] of places.map(point)) assert.ok(x >= 20 && x <= 340 && y >= 20 && y <= 340, `${x} ${y}`);
  assert.ok(point(places[1])[1] < point(places[0])[1]);
  const [x1] = point(places[0]);
  const [x2] = point(places[2]);
  assert.ok(Math.abs((x2 - x1) / perMetre - metresBetween(places[0], places[2])) < 2);
});

test('one place alone stands in the middle of a map of a street and not of a doorstep', () => {
  const { point, perMetre } = frame([MARYS], 360, 360);
  assert.deepEqual(point(MARYS), [180, 180]);
  assert.ok(perMetre < 3);
});

test('the walk before is the one that is named, else the newest of the ward', () => {
  const walks = [{ reference: 'EVA-2026-00001', ward_code: 'A' }, { reference: 'EVA-2026-00002', ward_code: 'B' }];
  assert.equal(before(walks, { previous: ' eva-2026-00002 ', ward: 'A' }).ward_code, 'B');
  assert.equal(before(walks, { previous: '', ward: 'A' }).reference, 'EVA-2026-00001');
  assert.equal(before(walks, { previous: 'EVA-1999-00001', ward: 'C' }), null);
});

test('what others observed on the walk is in its list too, and says that it is sent', () => {
  const line = lineOfOthers({ id: 'x', number: 7, category: 'litter', grade: 'C', severity: null, place: 'Gate', latitude: 51.4, longitude: 0.2 });
  assert.deepEqual([numberOf(line), line.state, placeOf(line)], [7, 'complete', { latitude: 51.4, longitude: 0.2 }]);
  assert.equal(placeOf(lineOfOthers({ id: 'y', number: 8, category: 'litter', place: '', latitude: null, longitude: null })), null);
});
