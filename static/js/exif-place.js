// Where a photo was taken, from the TIFF block of its EXIF.

const GPS_DIRECTORY = 0x8825;
const [LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE] = [1, 2, 3, 4];

/** The entries of a directory: tag to the place of its value. */
function directory(view, at, little) {
  const entries = new Map();
  const count = view.getUint16(at, little);
  for (let index = 0; index < count; index += 1) {
    const entry = at + 2 + index * 12;
    entries.set(view.getUint16(entry, little), entry + 8);
  }
  return entries;
}

function degrees(view, at, little) {
  const from = view.getUint32(at, little);
  const [whole, minutes, seconds] = [0, 8, 16].map(
    (shift) => view.getUint32(from + shift, little) / (view.getUint32(from + shift + 4, little) || 1),
  );
  return whole + minutes / 60 + seconds / 3600;
}

function place(tiff) {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const little = view.getUint16(0) === 0x4949;
  const gpsAt = directory(view, view.getUint32(4, little), little).get(GPS_DIRECTORY);
  if (!gpsAt) return null;
  const gps = directory(view, view.getUint32(gpsAt, little), little);
  if (!gps.has(LATITUDE) || !gps.has(LONGITUDE)) return null;
  const sign = (tag, negative) => (gps.has(tag) && String.fromCharCode(view.getUint8(gps.get(tag))) === negative ? -1 : 1);
  const latitude = sign(LATITUDE_REF, 'S') * degrees(view, gps.get(LATITUDE), little);
  const longitude = sign(LONGITUDE_REF, 'W') * degrees(view, gps.get(LONGITUDE), little);
  // A camera that lost its satellites writes noughts.
  const isReal = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0);
  return isReal ? { latitude, longitude } : null;
}

/** `{ latitude, longitude }`, or null when the block does not say or cannot be read. */
export function placeIn(tiff) {
  try {
    return place(tiff);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
