// What a file really is, from its first bytes; its name and the type the phone claims are not asked.

const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

function text(bytes, from, to) {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** 'jpeg', 'png', 'webp', 'heic', or null for what is no photo we take. Twelve bytes are enough. */
export function photoKind(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'webp';
  if (text(bytes, 4, 8) === 'ftyp' && HEIC_BRANDS.has(text(bytes, 8, 12))) return 'heic';
  return null;
}
