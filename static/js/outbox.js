// The states of a capture on its way: draft → queued → sending → received → complete, or parked with a reason in words.
// Plain functions from one capture to the next; nothing here waits, stores or sends. A version is frozen in `attempt`
// before its first byte goes out and stays so until the server has said what became of it; whatever is changed
// meanwhile is a later version, and goes after it.

/** What counts as unsent: the number on the badge, and what the sender looks at. What its person took out again is
 * `removing` until the server knows. */
export const WAITING = ['queued', 'sending', 'received', 'parked', 'removing'];

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;
const DAY_MS = 86_400_000;
const WHOLE_FOR_MS = DAY_MS;
const LINE_FOR_MS = 7 * DAY_MS;
// The server may have heard meanwhile which of two versions counts.
const ASK_AGAIN_MS = 60_000;
// A body may come to harm on its way; one that never arrives as it was sent is somebody's to look at.
const MOST_MALFORMED = 5;

/** How long to wait after so many tries: from 2 seconds to 5 minutes, never the same for two phones. */
export function pause(tries, random = Math.random) {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 12));
  return most / 2 + (most / 2) * random();
}

/** The draft's person has finished: it goes as soon as it can. `content` and its hash are what goes. */
export function queue(capture, { content, sha256, title, at }) {
  const isSame = capture.content_sha256 === sha256;
  const rev = isSame ? capture.rev : Math.max(capture.sent_rev ?? 0, capture.acked?.base_rev ?? 0) + 1;
  const next = { ...capture, rev, content, content_sha256: sha256, title, queued_at: at, problem: null, tries: 0, next_try_at: 0 };
  return isSame && capture.acked?.sha256 === sha256 ? acknowledged(next, at) : { ...next, state: 'queued' };
}

/** Its person opens it again: it waits as a draft until they send it. What may have arrived stays written down. */
export function reopen(capture) {
  const isWhole = capture.state === 'complete' && capture.content && !capture.is_light;
  return (WAITING.includes(capture.state) && capture.state !== 'removing') || isWhole ? { ...capture, state: 'draft' } : null;
}

/** Its person opened it again and changed nothing: it is what it was before. */
export function putBack(capture) {
  if (capture.state !== 'draft' || !capture.content) return null;
  if (!mayGo({ ...capture, state: 'parked' })) return { ...capture, state: 'parked' };
  const { content, content_sha256: sha256, title, queued_at: at, sent_at: sentAt } = capture;
  return { ...queue(capture, { content, sha256, title, at: sentAt ?? at }), queued_at: at };
}

/** Writes an attempt down before its first byte is sent; one whose end is not known yet comes again, as it was. */
export function attempt(capture, at) {
  if (!['queued', 'sending', 'parked'].includes(capture.state)) return null;
  const made = capture.attempt ?? {
    rev: capture.rev, base_rev: capture.acked?.base_rev ?? null, sha256: capture.content_sha256, content: capture.content,
  };
  return {
    ...capture, state: 'sending', attempt: made, sent_rev: Math.max(capture.sent_rev ?? 0, made.rev), tried_at: at,
  };
}

/** What became of the words of the attempt `rev`. */
export function settle(capture, rev, outcome, at) {
  if (capture.attempt?.rev !== rev) return null;
  const isOpen = ['draft', 'removing'].includes(capture.state);
  const isNewest = !isOpen && capture.attempt.sha256 === capture.content_sha256;
  if (outcome.kind === 'receipt') {
    const { sha256, base_rev: madeFrom } = capture.attempt;
    const { missing, base_rev: baseRev } = outcome.receipt;
    const acked = { rev, sha256, missing, base_rev: baseRev, made_from: madeFrom };
    const next = { ...capture, acked, receipt: outcome.receipt, attempt: null, problem: null, tries: 0, next_try_at: 0 };
    if (isOpen) return next;
    return isNewest ? acknowledged(next, at) : { ...next, state: 'queued' };
  }
  if (outcome.kind === 'refused') {
    // The server does not hold it: what its person has changed meanwhile takes its place.
    const next = { ...capture, attempt: null, problem: outcome.problem };
    if (isOpen) return next;
    return isNewest ? { ...next, state: 'parked' } : { ...next, state: 'queued', problem: null };
  }
  if (outcome.kind === 'clash') {
    const next = { ...capture, problem: outcome.problem, next_try_at: at + ASK_AGAIN_MS };
    return isOpen ? next : { ...next, state: 'parked' };
  }
  return later(capture, outcome, at);
}

/** What became of one photo. */
export function settlePhoto(capture, photoId, outcome, at) {
  if (capture.state !== 'received') return null;
  if (outcome.kind === 'receipt') {
    const missing = capture.acked.missing.filter((id) => id !== photoId);
    const next = { ...capture, acked: { ...capture.acked, missing }, receipt: outcome.receipt, problem: null, tries: 0, next_try_at: 0 };
    return acknowledged(next, at);
  }
  // The server forgot what it had promised to take, as after a return to last night's backup: the words go again.
  if (outcome.kind === 'forgotten') return later({ ...capture, state: 'queued', acked: null, attempt: null }, outcome, at);
  if (outcome.kind === 'refused') return { ...capture, state: 'parked', problem: { ...outcome.problem, photo: photoId } };
  return later(capture, outcome, at);
}

/** Not now: once more after a pause, however often it takes. */
function later(capture, outcome, at) {
  const tries = (capture.tries ?? 0) + 1;
  const wait = Math.max(pause(tries), outcome.wait_ms ?? 0);
  const isHopeless = outcome.problem?.code === 'malformed' && tries >= MOST_MALFORMED && capture.state !== 'draft';
  const state = isHopeless ? 'parked' : capture.state === 'sending' ? 'queued' : capture.state;
  return { ...capture, state, tries, next_try_at: at + wait, problem: outcome.problem ?? null };
}

function acknowledged(capture, at) {
  if (capture.acked.missing.length) return { ...capture, state: 'received' };
  const sent = { ...capture, state: 'complete', sent_at: at, checked_at: at };
  // Of a kind with plates nothing stays, not even until the next look.
  return aged(sent, at) === 'line' && !capture.photo_ids?.length ? lineOf(sent) : sent;
}

/** Somebody pressed “Send now”, or the signal came back: no pause counts any more. */
export function hurry(capture) {
  if (!WAITING.includes(capture.state)) return null;
  // As long as its person may say that it was taken out by mistake, nobody hurries.
  if (capture.state === 'removing' && !capture.is_removal_tried) return null;
  const state = capture.state === 'parked' && mayGo(capture) ? 'queued' : capture.state;
  return { ...capture, state, next_try_at: 0 };
}

/** Whether it may still go as it is. What was refused waits for its person to change something, what clashes for their
 * choice. */
export function mayGo({ state, problem }) {
  return state !== 'parked' || !(problem?.errors || problem?.photo || ['gone', 'clash'].includes(problem?.code));
}

/** Whether the sender should take it up now. */
export function isDue(capture, at) {
  if ((capture.next_try_at ?? 0) > at) return false;
  return capture.state !== 'parked' || capture.problem?.code === 'clash';
}

/** A sent capture as it would go once more: the same version, made from the same one. */
export function repeated(capture) {
  const { rev, sha256, made_from: madeFrom } = capture.acked;
  return { ...capture, attempt: { rev, sha256, base_rev: madeFrom, content: capture.content } };
}

/** What the server has of a sent capture, a receipt or null: all of it, the words alone, or not this version, as after a
 * return to last night's backup. Then it goes once more. */
export function rechecked(capture, receipt, at) {
  if (capture.state !== 'complete') return null;
  const { sha256 } = capture.acked;
  // What the server has forgotten on request, such as a withdrawn contact, it has all the same.
  const isThere = receipt && (receipt.content_sha256 ?? sha256) === sha256;
  if (!isThere) return { ...repeated(capture), state: 'queued', checked_at: at, next_try_at: 0 };
  const { missing } = receipt;
  if (!missing.length) return { ...capture, checked_at: at };
  return { ...capture, state: 'received', acked: { ...capture.acked, missing }, checked_at: at, next_try_at: 0 };
}

/** What stays of a sent capture as time goes by: all of it for a day, in case the server has to go back to last night’s
 * backup, but of a kind with plates nothing of it; a line in the outbox for a week; then nothing. */
export function aged(capture, at) {
  if (capture.state !== 'complete') return 'whole';
  const age = at - capture.sent_at;
  if (age > LINE_FOR_MS) return 'nothing';
  return age > WHOLE_FOR_MS || capture.is_light || capture.clears_at_once ? 'line' : 'whole';
}

/** The line that stays: no answers, no photos; `stays` is what a capture says itself may stay of it. Of a kind with plates no
 * hash either: whoever tried plates one after the other would know which one it was. */
export function lineOf({ id, owner, kind, title, state, sent_at, receipt, photo_ids, changed_at, stays, clears_at_once: isCleared }) {
  const kept = isCleared ? { ...receipt, content_sha256: null } : receipt;
  return { id, owner, kind, title, state, sent_at, receipt: kept, photo_ids, changed_at, stays, is_light: true };
}
