// Carries a photo's EXIF block over to its scaled copy. When and where a photo was taken is evidence, and a canvas
// throws it away. The canvas has already turned the picture upright, so the block is marked "upright".

const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const ORIENTATION = 0x0112;
const UPRIGHT = 1;
const EXIF = 'Exif\0\0';

/** The whole APP1 segment that holds EXIF, marker included, or null. */
export function exifSegment(bytes) {
  let at = 2;
  while (at + 10 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== START_OF_SCAN) {
    const size = (bytes[at + 2] << 8) + bytes[at + 3];
    const isExif = bytes[at + 1] === APP1 && String.fromCharCode(...bytes.subarray(at + 4, at + 10)) === EXIF;
    if (isExif) return bytes.slice(at, at + 2 + size);
    at += 2 + size;
  }
  return null;
}

/** The same segment with its orientation set to upright. A block that cannot be read stays as it is. */
export function markUpright(segment) {
  const copy = segment.slice();
  const view = new DataView(copy.buffer, copy.byteOffset + 10);
  try {
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    const count = view.getUint16(directory, little);
    for (let index = 0; index < count; index += 1) {
      const entry = directory + 2 + index * 12;
      if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, UPRIGHT, little);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return copy;
}

/** A JPEG with the segment put in straight after its first marker. */
export function withExif(jpeg, segment) {
  const joined = new Uint8Array(jpeg.length + segment.length);
  joined.set(jpeg.subarray(0, 2));
  joined.set(segment, 2);
  joined.set(jpeg.subarray(2), 2 + segment.length);
  return joined;
}
