// What a capture says, as the server hashes it too: six parts in one JSON spelling (sorted keys, no spaces, UTF-8). The
// receipt carries the hash, so that the phone lets go of nothing that arrived otherwise than it was sent.
import { photoKind } from './first-bytes.js';

/** The content of a capture with these photos: what a version of it is, whenever and however often it is sent. */
export function contentOf(capture, answers, photos) {
  return {
    kind: capture.kind,
    form_version: Number(capture.form_version) || 1,
    captured_at: capture.captured_at,
    answers: wellFormed(answers),
    photos: photos.map(promiseOf),
    parent: capture.parent ?? null,
  };
}

/** What a capture says of a photo. Its type is what its first bytes show, whatever the phone calls it. */
function promiseOf({ id, sha256: hash, bytes, role }) {
  const type = `image/${photoKind(new Uint8Array(bytes, 0, Math.min(12, bytes.byteLength)))}`;
  return { id, sha256: hash, bytes: bytes.byteLength, type, role: role ?? 'evidence' };
}

/** Half a letter, as a cut emoji leaves one, is no letter to the server: it goes as the mark for one. */
function wellFormed(answers) {
  const mend = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return Object.fromEntries(Object.entries(answers).map(([name, values]) => [name, values.map(mend)]));
}

/** The one JSON spelling of plain data. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(',')}}`;
}

/** The SHA-256 of bytes or of a text, in hexadecimal. */
export async function sha256(content) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
