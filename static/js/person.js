// Whose phone this is just now. A page that the server made says who is signed in; a page out of the phone's own store
// says nothing, so it is remembered here. A session that ran out leaves its person: what they capture goes on being theirs
// and waits for them to sign in again. Signing out does not: whoever comes next is somebody else.
import { note, noted } from './store.js';

const WHO = 'person';
// What was asked before a sign-out, or while the server was still at it, may be answered after it.
const SETTLES_WITHIN_MS = 5000;

/** `{ id, name, is_signed_in }`, or null when nobody has signed in since the last sign-out. */
export async function currentPerson() {
  const kept = await noted(WHO);
  return kept?.id ? kept : null;
}

/** The owner of what is captured on this page: an account's id, or null for anybody. */
export async function ownerOfPage() {
  const { user } = document.documentElement.dataset;
  const person = user === undefined ? await currentPerson() : await noteUser(JSON.parse(user), performance.timeOrigin);
  return person?.id ?? null;
}

/** Notes who the server said is signed in when it was asked at `askedAt`; `user` is null when it knows nobody. A tab that
 * was left open does not bring back whoever has signed out in another. */
export async function noteUser(user, askedAt) {
  const kept = await noted(WHO);
  if (user && user.id === kept?.signed_out && askedAt < kept.at + SETTLES_WITHIN_MS) return null;
  const before = kept?.id ? kept : null;
  const next = user ? { id: user.id, name: user.name, is_signed_in: true } : before && { ...before, is_signed_in: false };
  if (next && JSON.stringify(before) !== JSON.stringify(next)) await note(WHO, next);
  return next;
}

/** Forgets who was here. What they have not sent stays, out of sight, until they sign in again. */
export function noteSignedOut(id) {
  return note(WHO, { signed_out: id, at: Date.now() });
}

/** Whether a capture may be shown to whoever is here: their own, and what nobody signed for. */
export function isTheirs(capture, owner) {
  return capture.owner === null || capture.owner === owner;
}
