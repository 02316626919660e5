// What is done with a photo once one is picked, and loaded only then: where it was taken is read, then it is made smaller.
import { exifBlock } from './exif-block.js';
import { placeIn } from './exif-place.js';
import { photoKind } from './first-bytes.js';
import { scaled } from './photo-scale.js';

/** The file to send and where it was taken, `{ small, place }`; `kind` is from its first bytes. */
export async function prepared(file, kind) {
  // EXIF first: scaling could lose it.
  const exif = exifBlock(new Uint8Array(await file.arrayBuffer()), kind);
  return { small: await scaled(file, kind, Boolean(exif)), place: exif && placeIn(exif) };
}

/** Where a photo that was kept before was taken, or null. */
export function placeOf({ bytes }) {
  const view = new Uint8Array(bytes);
  const exif = exifBlock(view, photoKind(view.subarray(0, 12)));
  return exif && placeIn(exif);
}
