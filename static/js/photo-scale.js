// Makes a big photo small enough for one bar of signal: 2048 px on its long side, quality 0.8. Only where nothing is
// lost: a JPEG keeps its EXIF block, a PNG or WebP is scaled only when it has none, and HEIC always goes as it is.
// Whatever cannot be decoded or would not get smaller goes up untouched.
import { exifSegment, markUpright, withExif } from './jpeg-exif.js';

const LONG_SIDE_PX = 2048;
const QUALITY = 0.8;
const SMALL_ENOUGH_BYTES = 600_000;

async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null;
  }
}

async function drawn(bitmap, ratio) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * ratio);
  canvas.height = Math.round(bitmap.height * ratio);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}

/** The file to send: a smaller JPEG, or the file itself. `kind` is from its first bytes. */
export async function scaled(file, kind, hasMetadata) {
  if (kind === 'heic' || file.size <= SMALL_ENOUGH_BYTES) return file;
  if (kind !== 'jpeg' && hasMetadata) return file;
  const bitmap = await decode(file);
  if (!bitmap) return file;
  const ratio = Math.min(1, LONG_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const blob = ratio < 1 ? await drawn(bitmap, ratio) : null;
  bitmap.close();
  if (!blob || blob.size >= file.size) return file;
  const jpeg = new Uint8Array(await blob.arrayBuffer());
  const exif = kind === 'jpeg' && exifSegment(new Uint8Array(await file.arrayBuffer()));
  const bytes = exif ? withExif(jpeg, markUpright(exif)) : jpeg;
  const name = file.name.replace(/\.[^.]*$/, '') + '.jpg';
  return new File([bytes], name, { type: 'image/jpeg', lastModified: file.lastModified });
}
