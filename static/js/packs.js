// What a kind needs without a connection, such as the outlines of the wards: fetched while somebody is signed in, kept
// under their name, used until it is out of date, and gone when they sign out. Nobody else is made to fetch it: a
// resident reports from one place, and the server knows its ward.
import { currentPerson } from './person.js';
import { packAt } from './protocol.js';
import { note, noted } from './store.js';
import { isInside, wardName } from './ward-labels.js';

const FRESH_FOR_MS = 86_400_000;
const nameOf = (owner, kind) => `pack:${owner}:${kind}`;

/** Fetches the packs of what this person may capture, those left out that were fetched within a day. */
export async function keepPacks({ id, kinds }) {
  if (navigator.connection?.saveData) return;
  for (const kind of kinds) await keepPack(id, kind);
}

/** Fetches a kind's pack again, for pages that show what others do. False when nobody answered. */
export async function freshPack(kind) {
  const person = await currentPerson();
  return Boolean(person?.is_signed_in) && (await fetchPack(person.id, kind));
}

async function keepPack(owner, kind) {
  const kept = await noted(nameOf(owner, kind));
  if (!kept || Date.now() - kept.fetched_at > FRESH_FOR_MS) await fetchPack(owner, kind);
}

async function fetchPack(owner, kind) {
  const pack = await packAt(kind);
  // Whoever signed out meanwhile has taken everything with them.
  if (!pack || (await currentPerson())?.id !== owner) return false;
  await note(nameOf(owner, kind), { ...pack, fetched_at: Date.now() });
  return true;
}

/** The content of a kind's pack, or null when this phone has none that is still good. */
export async function packOf(kind) {
  const kept = await packNoted(kind);
  return kept && Date.parse(kept.expires_at) > Date.now() ? kept.content : null;
}

/** A kind's pack as this phone has it, with `fetched_at` and `expires_at`, good or not; undefined when it has none. */
export async function packNoted(kind) {
  const person = await currentPerson();
  return person ? noted(nameOf(person.id, kind)) : undefined;
}

/** The ward of a point by the outlines on this phone, `{ ward }`, or null when they do not say. */
export async function wardOnPhone(kind, { latitude, longitude }) {
  const pack = await packOf(kind);
  const found = pack?.wards.features.find(({ geometry }) => isInside([longitude, latitude], geometry));
  return found ? { ward: wardName(found.properties) } : null;
}
