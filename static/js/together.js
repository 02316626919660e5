// What the sender needs for more than one capture at a time, and for those that were taken out again. It comes only with the
// first of either: whoever reports once never loads it.
import { tellNews } from './news.js';
import { attempt, lineOf, pause, settle } from './outbox.js';
import * as server from './protocol.js';
import { changeCapture, forgetCapture, inOne } from './store.js';

const MOST_TOGETHER = 100;
// Far below what the server takes at once.
const MOST_LETTERS = 1_000_000;
const BUSY = [401, 403, 429];

/** What may go in one request with `first`: what comes next in turn, of this account, without photos. */
function runOf(due, first, alone, userId) {
  const run = [];
  let letters = 0;
  for (const one of due.slice(due.indexOf(first), due.indexOf(first) + MOST_TOGETHER)) {
    const isPlain = ['queued', 'sending'].includes(one.state) && !one.photo_ids.length && !alone.has(one.id);
    if (!isPlain || one.owner !== userId) break;
    letters += JSON.stringify(one.content).length;
    if (letters > MOST_LETTERS) break;
    run.push(one);
  }
  return run;
}

/** Changes several captures in one transaction: `change(capture)` gives the new one, or nothing. Gives those that changed. */
function changeAll(ids, change) {
  return inOne(async (captures) => {
    const before = await Promise.all(ids.map((id) => captures.get(id)));
    const after = before.map((one) => one && change(one)).filter(Boolean);
    await Promise.all(after.map((one) => captures.put(one)));
    return after;
  });
}

const tellAbout = (ids) => ids.forEach((id) => tellNews({ id }));

/**
 * Sends the words of the next captures in one request: each attempt is written down before the first byte, and each has an
 * answer of its own, so that a bad one holds up no other. Gives null where there is nothing to send together, 'later' when some
 * have to wait, else 'went'. What the answer says nothing of is noted in `alone`.
 */
export async function sendTogether(due, first, alone, session, net, now) {
  const send = net === server ? sendSeveral : net.sendSeveral;
  const ids = runOf(due, first, alone, session.user.id).map(({ id }) => id);
  if (ids.length < 2 || !send) return null;
  const tried = await changeAll(ids, (one) => attempt(one, now()));
  if (!tried.length) return 'went';
  const outcomes = await send(tried, session);
  for (const { id } of tried) if (!outcomes.has(id)) alone.add(id);
  const revs = new Map(tried.map(({ id, attempt: made }) => [id, made.rev]));
  await changeAll(ids, (one) => (outcomes.has(one.id) ? settle(one, revs.get(one.id), outcomes.get(one.id), now()) : null));
  tellAbout(ids);
  return [...outcomes.values()].some(({ kind }) => kind === 'later') ? 'later' : 'went';
}

/** Asks the server to take several captures. Gives an outcome for `settle` by id, none for what it did not answer: a server
 * that takes less at once is asked for each by itself. */
export async function sendSeveral(captures, session) {
  const all = (outcome) => new Map(captures.map(({ id }) => [id, outcome]));
  try {
    const answer = await server.ask('/captures/batch', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': session.csrf_token },
      body: JSON.stringify(captures.map((one) => ({ id: one.id, ...server.wordsOf(one) }))),
    });
    if (BUSY.includes(answer.status) || answer.status >= 500) return all(server.outcomeOf(answer, false));
    if (answer.status !== 207 || !Array.isArray(answer.body)) return new Map();
    const rows = new Map(answer.body.map((row) => [row?.id, row]));
    return new Map(captures.filter(({ id }) => rows.has(id)).map((one) => [one.id, outcomeOfRow(rows.get(one.id), one)]));
  } catch {
    return all(server.LATER);
  }
}

function outcomeOfRow({ status, receipt, problem }, capture) {
  const answer = { status, body: receipt ?? problem };
  return server.outcomeOf(answer, server.isReceiptFor(answer, capture));
}

/** Takes back at the server what its person took out on the phone, and lets go of it once the server has said so. What
 * stays there, because others have built on it, is shown with the reason until its person has read that. */
export async function sendRemoval({ id }, session, net, now) {
  const tried = await changeCapture(id, (one) => (one.state === 'removing' ? { ...one, is_removal_tried: true } : null));
  if (tried?.state !== 'removing') return null;
  const outcome = await net.takeBack(tried, session);
  if (outcome.kind === 'gone') await forgetCapture(id);
  if (outcome.kind === 'refused') await changeCapture(id, (one) => ({ ...(one.clears_at_once ? lineOf(one) : one), state: 'parked', problem: { ...outcome.problem, code: 'stays' } }));
  if (outcome.kind !== 'later') {
    tellNews({ id });
    return outcome;
  }
  const tries = (tried.tries ?? 0) + 1;
  await changeCapture(id, (one) => ({ ...one, tries, next_try_at: now() + pause(tries) }));
  return { kind: 'later' };
}
