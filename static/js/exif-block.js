// Where a photo keeps its EXIF: a TIFF block inside a JPEG segment, a PNG or WebP chunk, or an item of a HEIC file.
// Read here and not by a library, because exifr 7 ignores the base offset that HEIC files may give for their items.
import { exifSegment } from './jpeg-exif.js';

const SEGMENT_HEAD = 10;
const text = (view, at, length) =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, Math.max(0, Math.min(length, view.byteLength - at))));

function inJpeg(bytes) {
  return exifSegment(bytes)?.subarray(SEGMENT_HEAD) ?? null;
}

function inPng(bytes, view) {
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (text(view, at + 4, 4) === 'eXIf') return bytes.subarray(at + 8, at + 8 + view.getUint32(at));
  }
  return null;
}

function inWebp(bytes, view) {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (text(view, at, 4) === 'EXIF') {
      const named = text(view, at + 8, 6) === 'Exif\0\0';
      return bytes.subarray(at + 8 + (named ? 6 : 0), at + 8 + size);
    }
    at += 8 + size + (size % 2);
  }
  return null;
}

/** The boxes between two places of an ISO media file: kind, start of content, end. */
function boxes(view, from, to) {
  const found = [];
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    const isLong = size === 1;
    const length = isLong ? Number(view.getBigUint64(at + 8)) : size || to - at;
    if (length < 8) break;
    found.push({ kind: text(view, at + 4, 4), start: at + (isLong ? 16 : 8), end: at + length });
    at += length;
  }
  return found;
}

/** Reads numbers of given widths one after the other. */
function reader(view, at) {
  const widths = { 0: '', 1: 'getUint8', 2: 'getUint16', 4: 'getUint32', 8: 'getBigUint64' };
  return (width) => {
    if (!(width in widths)) throw new RangeError(`no number is ${width} bytes wide`);
    const value = width ? Number(view[widths[width]](at)) : 0;
    at += width;
    return value;
  };
}

function exifItem(view, { start, end }) {
  const isWide = view.getUint8(start) > 0;
  for (const { start: at } of boxes(view, start + (isWide ? 8 : 6), end)) {
    const width = view.getUint8(at) === 3 ? 4 : 2;
    if (text(view, at + 4 + width + 2, 4) === 'Exif') return reader(view, at + 4)(width);
  }
  return null;
}

function itemPlace(view, { start }, wanted) {
  const version = view.getUint8(start);
  const [first, second] = [view.getUint8(start + 4), view.getUint8(start + 5)];
  const sizes = { offset: first >> 4, length: first & 15, base: second >> 4, index: version ? second & 15 : 0 };
  const next = reader(view, start + 6);
  const count = next(version === 2 ? 4 : 2);
  for (let index = 0; index < count; index += 1) {
    const id = next(version === 2 ? 4 : 2);
    const method = version ? next(2) & 15 : 0;
    next(2);
    const base = next(sizes.base);
    for (let extents = next(2); extents > 0; extents -= 1) {
      next(sizes.index);
      const [offset, length] = [base + next(sizes.offset), next(sizes.length)];
      if (id === wanted && method === 0) return { offset, length };
    }
  }
  return null;
}

function inHeic(bytes, view) {
  const meta = boxes(view, 0, bytes.length).find(({ kind }) => kind === 'meta');
  const parts = meta ? boxes(view, meta.start + 4, meta.end) : [];
  const [iinf, iloc] = ['iinf', 'iloc'].map((wanted) => parts.find(({ kind }) => kind === wanted));
  const id = iinf && exifItem(view, iinf);
  const place = id && iloc && itemPlace(view, iloc, id);
  if (!place) return null;
  const skipped = 4 + view.getUint32(place.offset);
  return bytes.subarray(place.offset + skipped, place.offset + place.length);
}

const finders = { jpeg: inJpeg, png: inPng, webp: inWebp, heic: inHeic };

/** The TIFF block of a photo's EXIF, or null when it has none or is too broken to say. */
export function exifBlock(bytes, kind) {
  try {
    return finders[kind](bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
