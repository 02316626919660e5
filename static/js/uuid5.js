// A UUID that two phones make alike from the same words (RFC 9562, version 5), so that they meet without a connection.
const hexOf = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The UUID of a name within a namespace, which is a UUID too. */
export async function uuid5(namespace, name) {
  const space = Uint8Array.from(namespace.replaceAll('-', '').match(/../g), (pair) => parseInt(pair, 16));
  const words = new TextEncoder().encode(name);
  const both = new Uint8Array(space.length + words.length);
  both.set(space);
  both.set(words, space.length);
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-1', both)).subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
