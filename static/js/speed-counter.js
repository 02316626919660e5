// The counter of all traffic on one phone, as part of what the phone notes of a session. `counted` is null until somebody
// begins to count. Each row that is saved is a vehicle that passed, too, also those of before: `logged` is how many.
export const MOST_COUNTED = 99_999;

/** Somebody tapped: one more, or one off. It cannot go below nothing, and what was not begun has nothing to take off. */
export function tapped(session, step) {
  if (session.counted === null && step < 0) return session;
  const before = session.counted ?? session.logged ?? 0;
  return { ...session, counted: Math.min(MOST_COUNTED, Math.max(0, before + step)) };
}

/** A row was saved, or taken out again. */
export function withRow(session, step) {
  const after = { ...session, logged: Math.max(0, (session.logged ?? 0) + step) };
  return session.counted === null ? after : tapped(after, step);
}

/** Whether the server has not been told yet what it shows. */
export const isBehind = ({ counted, queued }) => counted !== null && counted !== queued;
