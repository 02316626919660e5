// Areas to mask: drawn in any direction, moved and sized by keys, never beyond the photo.
import assert from 'node:assert/strict';
import test from 'node:test';

import { inside, moved, spanned } from '../../static/js/mask.js';

const AREA = { x: 40, y: 25, width: 10, height: 15 };

test('an area is the same whichever corner was first', () => {
  const area = { x: 10, y: 20, width: 30, height: 40 };
  assert.deepEqual(spanned({ x: 10, y: 20 }, { x: 40, y: 60 }), area);
  assert.deepEqual(spanned({ x: 40, y: 60 }, { x: 10, y: 20 }), area);
});

test('an area stays inside the photo and is never nothing', () => {
  assert.deepEqual(inside({ x: 95, y: -3, width: 10, height: 0 }), { x: 90, y: 0, width: 10, height: 1 });
  assert.deepEqual(inside({ x: 0, y: 0, width: 130, height: 12.34 }), { x: 0, y: 0, width: 100, height: 12.3 });
});

test('the arrows move an area and stop at the edge', () => {
  assert.deepEqual(moved(AREA, 'ArrowLeft', false), { ...AREA, x: 39 });
  assert.deepEqual(moved(AREA, 'ArrowDown', false), { ...AREA, y: 26 });
  assert.deepEqual(moved({ ...AREA, x: 90 }, 'ArrowRight', false), { ...AREA, x: 90 });
});

test('with Shift they change its size, up to the edge and down to the least', () => {
  assert.deepEqual(moved(AREA, 'ArrowRight', true), { ...AREA, width: 11 });
  assert.deepEqual(moved(AREA, 'ArrowUp', true), { ...AREA, height: 14 });
  assert.deepEqual(moved({ ...AREA, x: 90 }, 'ArrowRight', true), { ...AREA, x: 90 });
  assert.deepEqual(moved({ ...AREA, width: 1 }, 'ArrowLeft', true), { ...AREA, width: 1 });
});

test('other keys are left to the page', () => {
  assert.equal(moved(AREA, 'Tab', false), null);
});
