// The beginning of a session of speed-watch on a phone: what it notes of one that it begins or joins, and what it has noted. The id is
// made of site, day and four letters, so that two phones meet without a signal.
import { newUuid } from './identity.js';
import { tellNews } from './news.js';
import { amend } from './shared-captures.js';
import { BOTH, endName, entryName, noteName, NOTES, sessionCapture, spoken } from './speed-session.js';
import { inOne, notesOf } from './store.js';
import { uuid5 } from './uuid5.js';

const NAMESPACE = '7a1f6d52-3c0e-5b8e-9d47-2f6b1c9e4a30';

/** The id of a session, the same on each phone that knows its site, its day and its code. */
export const sessionId = (siteCode, heldOn, code) => uuid5(NAMESPACE, `${siteCode} ${heldOn} ${code}`);

/** What a phone notes of a session that it begins or joins. */
export function sessionNote({ id, owner, site, threshold, limit, heldOn, beganAt, code, isJoined, crew, direction, hasAllSpeeds, isSpokenBack, answers }) {
  return {
    id, owner, site: { code: site.code, name: site.name, directions: site.directions }, limit, threshold, held_on: heldOn,
    began_at: beganAt, join_code: code, is_joined: isJoined, crew, direction, vehicle: 'car', has_all_speeds: hasAllSpeeds,
    is_spoken_back: isSpokenBack, answers, number: 0, counted: null, queued: null,
    counter: { id: newUuid(), at: new Date().toISOString() }, ended_at: null,
  };
}

/** The sessions that this phone has notes of, newest first. */
export async function sessionsOf(owner) {
  const found = await notesOf(noteName(owner, ''));
  return found.sort((one, other) => other.began_at.localeCompare(one.began_at));
}

/** Forgets what is noted of a session. */
export const forgetSession = ({ owner, id }) => inOne((notes) => Promise.all([noteName, entryName, endName].map((name) => notes.delete(name(owner, id)))), NOTES);

/** Keeps a session that begins, and queues it, in one write. */
export async function begin(session, page) {
  const capture = sessionCapture(session, page);
  const now = await spoken(capture, session.answers);
  await inOne(async (captures, notes) => {
    await Promise.all([captures.put(amend(capture, now)), notes.put(session, noteName(session.owner, session.id)), notes.delete(draftName(session.owner))]);
  }, BOTH);
  tellNews({ id: session.id, wanted: true });
}

/** Keeps that this phone takes part in a session of another. */
export async function join(session) {
  await inOne(async (notes) => {
    const name = noteName(session.owner, session.id);
    // Joined before: what was counted and logged since stands, and it goes on.
    const before = await notes.get(name);
    await notes.put(before ? { ...before, ended_at: null } : session, name);
  }, NOTES);
}

export const draftName = (owner) => `speed-start:${owner}`;
