// Steps in metres, the phone's position, names on the map.
import assert from 'node:assert/strict';
import test from 'node:test';

import { metresBetween, moved } from '../../static/js/moves.js';
import { givenWords, placeWords } from '../../static/js/place-words.js';
import { ageWords, bestFix } from '../../static/js/position.js';
import { labelPoint, wardName } from '../../static/js/ward-labels.js';

const eynsford = { latitude: 51.366, longitude: 0.21 };

test('a step is as long as it says in every direction', () => {
  for (const direction of ['north', 'east', 'south', 'west']) {
    for (const metres of [5, 50]) {
      const away = metresBetween(eynsford, moved(eynsford, direction, metres));
      assert.ok(Math.abs(away - metres) < 0.01, `${direction} ${metres}: ${away}`);
    }
  }
});

test('north goes up, west goes left, and back is where it began', () => {
  assert.ok(moved(eynsford, 'north', 5).latitude > eynsford.latitude);
  assert.ok(moved(eynsford, 'west', 5).longitude < eynsford.longitude);
  assert.ok(metresBetween(eynsford, moved(moved(eynsford, 'east', 50), 'west', 50)) < 0.001);
});

const NOW = 1_000_000;
const fix = (accuracy, age = 0) => ({ coords: { ...eynsford, accuracy }, timestamp: NOW - age });

function satellites(script) {
  return {
    cleared: false,
    watchPosition(hear, fail) {
      queueMicrotask(() => script(hear, fail));
      return 7;
    },
    clearWatch(watch) {
      this.cleared = watch === 7;
    },
  };
}

test('a good fix ends the watch at once', async () => {
  const sky = satellites((hear) => [80, 8].forEach((accuracy) => hear(fix(accuracy))));
  const found = await bestFix(sky, { now: () => NOW });
  assert.equal(found.accuracy_m, 8);
  assert.equal(sky.cleared, true);
});

test('after twenty seconds the best fix is taken, not the last', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const heard = [];
  const sky = satellites((hear) => {
    [90, 30, 60].forEach((accuracy) => hear(fix(accuracy)));
    context.mock.timers.tick(20_000);
  });
  const found = await bestFix(sky, { now: () => NOW, onBetter: (better) => heard.push(better.accuracy_m) });
  assert.equal(found.accuracy_m, 30);
  assert.deepEqual(heard, [90, 30]);
});

test('a fix older than a minute is refused', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sky = satellites((hear) => {
    hear(fix(5, 60_001));
    context.mock.timers.tick(20_000);
  });
  await assert.rejects(bestFix(sky, { now: () => NOW }), /none/);
});

test('a refusal by the person is said as such', async () => {
  const sky = satellites((hear, fail) => fail({ code: 1 }));
  await assert.rejects(bestFix(sky), /denied/);
});

test('a place given in another way stops the watch', async () => {
  const control = new AbortController();
  const sky = satellites((hear) => {
    hear(fix(40));
    control.abort();
  });
  await assert.rejects(bestFix(sky, { now: () => NOW, signal: control.signal }), /stopped/);
  assert.equal(sky.cleared, true);
});

test('the age of a fix is said in words', () => {
  assert.equal(ageWords(3_000), 'just now');
  assert.equal(ageWords(47_000), '40 seconds ago');
  assert.equal(ageWords(61_000), '1 minute ago');
  assert.equal(ageWords(200_000), '3 minutes ago');
});

test('a place is said with its ward and grid reference, as far as they are known', () => {
  const known = { ward: 'Eynsford', grid_reference: 'TQ 5395 6609', message: null };
  assert.equal(placeWords(known), 'Eynsford ward. Grid reference TQ\u00a05395\u00a06609.');
  assert.equal(placeWords({ message: 'This is outside the district.' }), 'This is outside the district.');
});

const square = { type: 'Polygon', coordinates: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]] };

test('a ward is named inside the part of it that is seen', () => {
  const [x, y] = labelPoint(square, [5, 5, 25, 25]);
  assert.ok(x > 5 && x < 10 && y > 5 && y < 10);
});

test('a name keeps clear of the pin', () => {
  const [x, y] = labelPoint(square, [0, 0, 10, 10], [5, 5]);
  assert.ok(Math.hypot(x - 5, y - 5) > 2);
});

test('a name keeps out from under what stands on the map', () => {
  const keys = [3, 0, 10, 8];
  const [x, y] = labelPoint(square, [0, 0, 10, 10], null, [keys]);
  assert.ok(x <= 3 || y >= 8);
});

test('a ward out of sight is not named', () => {
  assert.equal(labelPoint(square, [20, 20, 30, 30]), null);
});

test('names are found in our own boundaries and in those of the ONS', () => {
  assert.equal(wardName({ code: 'E1', name: 'Eynsford' }), 'Eynsford');
  assert.equal(wardName({ WD24CD: 'E1', WD24NM: 'Kemsing', LAD24NM: 'Sevenoaks' }), 'Kemsing');
});

test('a given place is called by its way, and by what was typed', () => {
  assert.equal(givenWords({ source: 'gps', text: '' }, 12.4), 'This phone’s position, good to about 12\u00a0m');
  assert.equal(givenWords({ source: 'gps', text: '' }, 2345), 'This phone’s position, good to about 2.3\u00a0km');
  assert.equal(givenWords({ source: 'postcode', text: 'tn13 1gp' }, null), 'Postcode TN13 1GP');
  assert.equal(givenWords({ source: 'typed', text: '' }, null), 'The place you gave');
});
