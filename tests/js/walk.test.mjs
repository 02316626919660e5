// What a walk works out on the phone: its track, its map, the walk before, the lines of its list.
import assert from 'node:assert/strict';
import test from 'node:test';

import { before } from '../../static/js/walk-before.js';
import { lineOfOthers, numberOf, placeOf } from '../../static/js/walk-lines.js';
import { frame } from '../../static/js/walk-map.js';
import { metresBetween, spelled, withFix } from '../../static/js/whereabouts.js';

const at = (latitude, longitude, accuracy = 5) => ({ latitude, longitude, accuracy_m: accuracy });
const MARYS = at(51.39854, 0.16356);

test('a track takes a point every ten metres, and none that is rough', () => {
  const track = withFix([], MARYS);
  assert.equal(track.length, 1);
  assert.equal(withFix(track, at(51.39856, 0.16356)), track);
  assert.equal(withFix(track, at(51.4, 0.16356, 80)), track);
  assert.equal(withFix(track, at(51.39866, 0.16356)).length, 2);
  assert.equal(spelled(withFix(track, at(51.4, 0.17))), '51.398540 0.163560\n51.400000 0.170000');
});

test('a track stops growing before the form would refuse it', () => {
  const full = Array.from({ length: 4000 }, (_, index) => at(51 + index / 1000, 0));
  assert.equal(withFix(full, at(40, 0)), full);
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
