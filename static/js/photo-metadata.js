// What a photo says about itself, read before anything is changed. Loaded with the first photo, not before.
import exifr from 'exifr/dist/lite.esm.mjs';

/** `{ place: { latitude, longitude } | null, hasMetadata }`. A photo that cannot be read says nothing. */
export async function metadataOf(file) {
  try {
    const found = await exifr.parse(file, { gps: true, tiff: true, exif: true });
    const { latitude, longitude } = found ?? {};
    const isPlace = Number.isFinite(latitude) && Number.isFinite(longitude) && (latitude !== 0 || longitude !== 0);
    return { place: isPlace ? { latitude, longitude } : null, hasMetadata: Boolean(found) };
  } catch {
    return { place: null, hasMetadata: false };
  }
}
