// Captures that several people and devices work on, such as a walk: what another device began goes on here, and what is
// changed here goes as the next version of it.
import { queue } from './outbox.js';
import { inOne, withDatabase } from './store.js';

/** Its person changed something about it while it goes on: what it says now goes as its next version. It keeps its turn,
 * so that a walk goes before what was seen on it. */
export function amend(capture, { payload, ...now }) {
  const next = queue({ ...capture, payload, changed_at: new Date(now.at).toISOString() }, now);
  return { ...next, queued_at: capture.queued_at ?? now.at };
}

/** A capture as this phone would have it if it had sent it: `held` is what the server said of it. */
export function adopted({ id, kind, owner, title, held, payload, sha256, opens, at }) {
  return {
    id, kind, owner, title, payload, opens, secret: null, parent: null, form_version: held.content.form_version,
    captured_at: held.content.captured_at, content: held.content, content_sha256: sha256, rev: held.rev,
    sent_rev: held.rev, acked: { rev: held.rev, sha256, missing: [], base_rev: held.rev, made_from: null },
    receipt: { id, reference: held.reference, missing: [] }, attempt: null, problem: null, tries: 0, next_try_at: 0,
    photo_ids: [], state: 'complete', sent_at: at, checked_at: at, queued_at: at, changed_at: new Date(at).toISOString(),
  };
}

/** All captures of a kind, whatever their state. */
export const capturesOfKind = (kind) =>
  withDatabase((database) => database.getAllFromIndex('captures', 'kind_state', IDBKeyRange.bound([kind], [kind, []])));

/** Whether a capture is on this phone with all that it says: of one that was sent long ago only a line is left. */
export const isWhole = (capture) => Boolean(capture) && !capture.is_light;

/** The next version of a capture, made from what this phone holds of it now, or from what was known where that is not whole. */
export const amendHeld = (held, known, now) => amend(isWhole(held) ? held : known, now);

/** Keeps what its person changed about a capture that goes on, and gives what is there afterwards. `known` is the capture
 * as its page saw it last: a page may stay open longer than this phone keeps what was sent. */
export function keepChange(known, now) {
  return inOne(async (captures) => {
    const held = await captures.get(known.id);
    const before = isWhole(held) ? held : known;
    if (before.content_sha256 === now.sha256 && before.state !== 'draft') return before;
    const after = amend(before, now);
    await captures.put(after);
    return after;
  });
}

const isOlder = ({ state, acked }, rev) => state === 'complete' && acked.rev < rev;

/** Keeps a capture as the server has it, where this phone has none of it or an older version with nothing left to send;
 * otherwise what is here stays as it is. */
export function adoptCapture(capture) {
  return inOne(async (captures) => {
    const before = await captures.get(capture.id);
    if (isWhole(before) && !isOlder(before, capture.rev)) return before;
    await captures.put(capture);
    return capture;
  });
}
