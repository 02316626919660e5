// What a photo is, which ones are taken, and that scaling keeps when and where it was taken.
import assert from 'node:assert/strict';
import test from 'node:test';

import { photoKind } from '../../static/js/first-bytes.js';
import { exifSegment, markUpright, withExif } from '../../static/js/jpeg-exif.js';
import { refusal } from '../../static/js/photos.js';

const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test('the four kinds are known by their first bytes', () => {
  assert.equal(photoKind(Uint8Array.of(0xff, 0xd8, 0xff, 0xe1)), 'jpeg');
  assert.equal(photoKind(bytes('\x89PNG\r\n\x1a\n....')), 'png');
  assert.equal(photoKind(bytes('RIFF....WEBP')), 'webp');
  assert.equal(photoKind(bytes('\0\0\0\x18ftypheic')), 'heic');
  assert.equal(photoKind(bytes('\0\0\0\x18ftypmif1')), 'heic');
});

test('drawings, documents, films, half a header and nothing are no photos', () => {
  for (const text of ['<svg xmlns="', '%PDF-1.7    ', '\0\0\0\x18ftypmp42', 'RIFF....WAVE', '\x89PN', '']) {
    assert.equal(photoKind(bytes(text)), null);
  }
});

const fine = { name: 'sofa.jpg', size: 3_000_000, kind: 'jpeg', count: 0, together: 0 };

test('an ordinary photo is taken', () => {
  assert.equal(refusal(fine), null);
  assert.equal(refusal({ ...fine, size: 25_000_000 }), null);
});

test('each refusal names the file and says what to do', () => {
  const refused = [
    refusal({ ...fine, count: 5 }),
    refusal({ ...fine, size: 0 }),
    refusal({ ...fine, kind: null }),
    refusal({ ...fine, size: 25_000_001 }),
    refusal({ ...fine, together: 38_000_000 }),
  ];
  for (const words of refused) assert.match(words, /“sofa\.jpg”.*(remove|Choose|Send)/);
  assert.equal(new Set(refused).size, 5);
});

// One APP1 segment: header, TIFF in the given byte order, one directory with orientation 6.
function exif(little) {
  const segment = new Uint8Array(2 + 2 + 6 + 8 + 2 + 12 + 4);
  const view = new DataView(segment.buffer);
  segment.set([0xff, 0xe1, 0, segment.length - 2, ...bytes('Exif\0\0'), ...bytes(little ? 'II' : 'MM')]);
  view.setUint16(12, 42, little);
  view.setUint32(14, 8, little);
  view.setUint16(18, 1, little);
  view.setUint16(20, 0x0112, little);
  view.setUint16(22, 3, little);
  view.setUint32(24, 1, little);
  view.setUint16(28, 6, little);
  return segment;
}

const jpegWith = (...segments) =>
  Uint8Array.from([0xff, 0xd8, ...segments.flatMap((segment) => [...segment]), 0xff, 0xda, 0, 2, 0xff, 0xd9]);

for (const little of [true, false]) {
  test(`EXIF is carried over and marked upright, ${little ? 'Intel' : 'Motorola'} order`, () => {
    const other = [0xff, 0xe0, 0, 4, 1, 2];
    const found = exifSegment(jpegWith(other, exif(little)));
    assert.deepEqual(found, exif(little));
    const upright = markUpright(found);
    assert.equal(new DataView(upright.buffer).getUint16(28, little), 1);
    assert.deepEqual(exifSegment(withExif(jpegWith(other), upright)), upright);
  });
}

test('a photo without EXIF has none to carry', () => {
  assert.equal(exifSegment(jpegWith([0xff, 0xe0, 0, 4, 1, 2])), null);
});

test('an EXIF block that leads nowhere is left as it is', () => {
  const broken = exif(true);
  new DataView(broken.buffer).setUint32(14, 0xffffff, true);
  assert.deepEqual(markUpright(broken), broken);
});
