// What a photo is, which ones are taken, and that scaling keeps when and where it was taken.
import assert from 'node:assert/strict';
import test from 'node:test';

import { exifBlock } from '../../static/js/exif-block.js';
import { placeIn } from '../../static/js/exif-place.js';
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

// Boxes of an ISO media file, as a HEIC photo has them.
const u16 = (value) => [value >> 8, value & 255];
const u32 = (value) => [...u16(value >>> 16), ...u16(value & 0xffff)];
function box(kind, ...parts) {
  const content = parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part]));
  return [...u32(8 + content.length), ...bytes(kind), ...content];
}

// A TIFF block whose GPS directory says 51°22'N 0°12'W, in Motorola order.
function gpsTiff() {
  const entry = (tag, type, count, value) => [...u16(tag), ...u16(type), ...u32(count), ...value];
  const rationals = (...parts) => parts.flatMap((part) => [...u32(part), ...u32(1)]);
  return [
    ...bytes('MM'), ...u16(42), ...u32(8),
    ...u16(1), ...entry(0x8825, 4, 1, u32(26)), ...u32(0),
    ...u16(4),
    ...entry(1, 2, 2, [...bytes('N'), 0, 0, 0]), ...entry(2, 5, 3, u32(80)),
    ...entry(3, 2, 2, [...bytes('W'), 0, 0, 0]), ...entry(4, 5, 3, u32(104)),
    ...u32(0),
    ...rationals(51, 22, 0), ...rationals(0, 12, 0),
  ];
}

function heic(baseOffset) {
  const item = [...u32(6), ...bytes('Exif\0\0'), ...gpsTiff()];
  const head = (offset) => [
    ...box('ftyp', bytes('heic'), u32(0), bytes('mif1')),
    ...box('meta', u32(0),
      box('iinf', u32(0), u16(2),
        box('infe', [2, 0, 0, 0], u16(1), u16(0), bytes('hvc1'), 0),
        box('infe', [2, 0, 0, 0], u16(2), u16(0), bytes('Exif'), 0)),
      box('iloc', u32(0), [0x44, 0x40], u16(2),
        u16(1), u16(0), u32(0), u16(1), u32(0), u32(0),
        u16(2), u16(0), u32(baseOffset), u16(1), u32(offset - baseOffset), u32(item.length))),
    ...u32(8 + item.length), ...bytes('mdat'),
  ];
  return Uint8Array.from([...head(head(0).length), ...item]);
}

const taken = { latitude: 51 + 22 / 60, longitude: -0.2 };

for (const base of [0, 100]) {
  test(`the place is found in a HEIC photo whose items start from ${base}`, () => {
    assert.deepEqual(placeIn(exifBlock(heic(base), 'heic')), taken);
  });
}

test('the place is found in a JPEG, a PNG and a WebP', () => {
  const tiff = gpsTiff();
  const segment = Uint8Array.from([0xff, 0xe1, ...u16(8 + tiff.length), ...bytes('Exif\0\0'), ...tiff]);
  const png = [...bytes('\x89PNG\r\n\x1a\n'), ...u32(1), ...bytes('IHDR'), 0, ...u32(0), ...u32(tiff.length), ...bytes('eXIf'), ...tiff, ...u32(0)];
  const size = u32(tiff.length).reverse();
  const webp = [...bytes('RIFF'), ...u32(0), ...bytes('WEBP'), ...bytes('ICCP'), 1, 0, 0, 0, 7, 0, ...bytes('EXIF'), ...size, ...tiff];
  assert.deepEqual(placeIn(exifBlock(jpegWith(segment), 'jpeg')), taken);
  assert.deepEqual(placeIn(exifBlock(Uint8Array.from(png), 'png')), taken);
  assert.deepEqual(placeIn(exifBlock(Uint8Array.from(webp), 'webp')), taken);
});

test('a photo without EXIF, or with EXIF that gives no place, has no place', () => {
  assert.equal(exifBlock(Uint8Array.from(bytes('RIFF\0\0\0\0WEBP')), 'webp'), null);
  assert.equal(placeIn(exif(true).subarray(10)), null);
});

test('a photo cut off anywhere, or with any byte changed, is read without a fault', () => {
  const whole = heic(100);
  for (let at = 0; at < whole.length; at += 1) {
    const cut = exifBlock(whole.slice(0, at), 'heic');
    const changed = whole.slice();
    changed[at] ^= 0xff;
    const odd = exifBlock(changed, 'heic');
    for (const block of [cut, odd]) if (block) placeIn(block);
  }
});
