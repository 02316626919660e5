// A session of speed-watch on one phone: what the phone notes of it, and the captures that go to the server. The phone that
// begins it sends the session; one that joins sends only its own vehicles and its own count.
import { canonical, contentOf, sha256 } from './content.js';
import { newSecret } from './identity.js';
import { tellNews } from './news.js';
import { heldOf } from './protocol.js';
import { adopted, amendHeld, capturesOfKind, isWhole } from './shared-captures.js';
import { isBehind } from './speed-counter.js';
import { captureWith, inOne, noted } from './store.js';

export const NOTES = ['notes'];
export const BOTH = ['captures', 'notes'];

export const noteName = (owner, id) => `speed:${owner}:${id}`;
export const entryName = (owner, id) => `speed-entry:${owner}:${id}`;
export const endName = (owner, id) => `speed-end:${owner}:${id}`;

/** The page of a session at one of its captures, whose id comes after it. */
export const opensAt = (id) => `/speed-watch/log?id=${id}&open=`;

/** The vehicles of a session that this phone has logged, in whatever state. */
export const vehiclesOf = async ({ id, owner }) => (await capturesOfKind('speed_reading')).filter((one) => one.stays?.parent === id && one.owner === owner);

/** Everything that this phone has of a session: itself, its count, its vehicles, in whatever state. */
export async function capturesOf(session) {
  const vehicles = await vehiclesOf(session);
  const others = await Promise.all([session.id, session.counter.id].map(captureWith));
  return [...others.filter(Boolean), ...vehicles];
}

/** Changes what is noted of a session; gives what is there afterwards. */
export function changeSession(session, change) {
  const { owner, id } = session;
  return inOne(async (notes) => {
    const before = (await notes.get(noteName(owner, id))) ?? session;
    const after = change(before);
    if (after !== before) await notes.put(after, noteName(owner, id));
    return after;
  }, NOTES);
}

/** A capture of this session as this phone begins it. */
export function captureFor(session, page, { id, kind, title, at, parent = null, more = {} }) {
  return {
    id, owner: session.owner, kind, form_version: page.version(kind), page_made_at: page.madeAt, parent, opens: opensAt(session.id),
    // Its page changes it without taking it out of the outbox first.
    keeps_state: true, clears_at_once: false, secret: newSecret(), captured_at: at, state: 'draft', title, photo_ids: [], ...more,
  };
}

/** The session itself as this phone begins it. */
export const sessionCapture = (session, page) =>
  captureFor(session, page, { id: session.id, kind: 'speed_watch', title: `Speed-watch session, ${session.site.name}`, at: session.began_at });

export async function spoken(capture, answers) {
  const content = contentOf(capture, answers, []);
  return { content, sha256: await sha256(canonical(content)), title: capture.title, at: Date.now(), payload: answers };
}

/** A capture as this phone has it; of one that was sent long ago only a line is left and its receipt, or nothing, and the server
 * is asked what it has. `answers` are those of before. */
export async function knownOf(afresh, answers) {
  const held = await captureWith(afresh.id);
  if (isWhole(held)) return held;
  const receipt = held?.receipt ?? (await heldOf([afresh.id]))?.get(afresh.id);
  if (!receipt) return afresh;
  const { rev, base_rev: newest, reference, content_sha256: hash } = receipt;
  const asHeld = { content: contentOf(afresh, answers, []), rev: newest ?? rev, reference };
  return { ...afresh, ...adopted({ ...afresh, held: asHeld, sha256: hash, payload: answers, at: held?.sent_at ?? Date.now() }), parent: afresh.parent };
}

/** Queues what the counter of this phone shows, where the server was not told yet. */
export async function queueCount(session, page) {
  if (!isBehind(session)) return session;
  const title = `Count of all traffic, ${session.site.name}`;
  const afresh = captureFor(session, page, { id: session.counter.id, kind: 'traffic_count', title, at: session.counter.at, parent: session.id });
  const known = session.queued === null ? afresh : await knownOf(afresh, { counted: [`${session.queued}`] });
  const now = await spoken(known, { counted: [`${session.counted}`] });
  const after = await inOne(async (captures, notes) => {
    const before = await captures.get(afresh.id);
    const note = { ...session, ...(await notes.get(noteName(session.owner, session.id))), queued: session.counted };
    await Promise.all([captures.put(amendHeld(before, known, now)), notes.put(note, noteName(session.owner, session.id))]);
    return note;
  }, BOTH);
  tellNews({ id: afresh.id, wanted: true });
  return after;
}

/** What was being typed when the page went, or null. */
export const entryOf = (session) => noted(entryName(session.owner, session.id));
