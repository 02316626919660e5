// What a phone changes about a session as a whole, at its end and after it: each change is the next version of its capture.
import { tellNews } from './news.js';
import { amendHeld } from './shared-captures.js';
import { BOTH, endName, entryName, knownOf, noteName, sessionCapture, spoken } from './speed-session.js';
import { inOne } from './store.js';

/** Keeps other answers of the session as its next version, and what is noted of it, in one write. */
export async function changeAnswers(session, page, changes, noteChanges) {
  const answers = filled({ ...session.answers, ...changes });
  const known = session.is_joined ? null : await knownSession(session, page);
  const now = known && (await spoken(known, answers));
  const after = await inOne(async (captures, notes) => {
    const before = (await notes.get(noteName(session.owner, session.id))) ?? session;
    const next = { ...before, ...noteChanges, answers };
    if (known) await captures.put(amendHeld(await captures.get(session.id), known, now));
    await Promise.all([notes.put(next, noteName(session.owner, session.id)), ...[entryName, endName].map((name) => notes.delete(name(session.owner, session.id)))]);
    return next;
  }, BOTH);
  tellNews({ id: session.id, wanted: true });
  return after;
}

const filled = (answers) => Object.fromEntries(Object.entries(answers).filter(([, values]) => values?.some((value) => value !== '')));

/** The session's capture as this phone has it. */
const knownSession = (session, page) => knownOf(sessionCapture(session, page), session.answers);
