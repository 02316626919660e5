// Captures that several people and devices work on, such as a walk: what another device began goes on here, and what is
// changed here goes as the next version of it.
import { queue } from './outbox.js';
import { inOne, withDatabase } from './store.js';

/** Its person changed something about it while it goes on: what it says now goes as its next version. */
export function amend(capture, { payload, ...now }) {
  return capture.is_light ? null : queue({ ...capture, payload, changed_at: new Date(now.at).toISOString() }, now);
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

/** Keeps a capture that the server has and this phone has not; one that is here already stays as it is. */
export function adoptCapture(capture) {
  return inOne(async (captures) => {
    const before = await captures.get(capture.id);
    if (before && !before.is_light) return before;
    await captures.put(capture);
    return capture;
  });
}
