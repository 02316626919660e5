// Sends what waits, in the page, while Wardbook is open: one tab at a time under a lock that the next tab takes over when
// this one dies. Words go before photos, the oldest first; whatever one capture meets holds up no other. It looks when
// the page opens, when the signal comes back, when the page is looked at, after a save, when a pause is over, and every
// 30 seconds.
import { onNews, tellNews } from './news.js';
import { attempt, hurry, isDue, pause, settle, settlePhoto, WAITING } from './outbox.js';
import { noteUser } from './person.js';
import * as server from './protocol.js';
import { keepSent } from './sent-copies.js';
import * as phone from './store.js';

const EVERY_MS = 30_000;
let running = null;
let wantedAgain = false;
let silentTries = 0;
let timer = null;

/** Looks for something to send, now and from now on. */
export function startSender() {
  window.addEventListener('online', sendNow);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sendSoon());
  setInterval(sendSoon, EVERY_MS);
  onNews((news) => news.wanted && sendSoon());
  sendSoon();
}

/** Sends what is due. A second call while one is at work makes it look once more. */
export function sendSoon() {
  wantedAgain = true;
  running ??= oneAtATime(look)
    .catch(failed)
    .finally(rested);
  return running;
}

/** Where the store or the lock fails, the next regular look is soon enough. */
function failed(error) {
  console.error(error);
  wantedAgain = false;
}

/** What was wanted meanwhile, until the lock was given back, is not left for half a minute. */
function rested() {
  running = null;
  return wantedAgain ? sendSoon() : null;
}

/** Sends everything now, whatever its pause. */
export async function sendNow() {
  for (const { id } of await phone.capturesIn(WAITING)) await phone.changeCapture(id, hurry);
  silentTries = 0;
  tellNews({ wanted: true });
}

function oneAtATime(work) {
  return navigator.locks ? navigator.locks.request('wardbook-sender', work) : work();
}

async function look() {
  const nextAt = await sendDue();
  clearTimeout(timer);
  if (nextAt) timer = setTimeout(sendSoon, Math.max(0, nextAt - Date.now()));
}

/** One round: until nothing is due that may be sent now. Gives when to look again, or null. */
export async function sendDue(net = server, now = Date.now) {
  const skipped = new Set();
  // What an answer to several did not name goes by itself.
  const alone = new Set();
  let session = null;
  for (let due = await dueNow(now(), skipped); due.length; due = await dueNow(now(), skipped)) {
    for (const next of due) {
      // Words that were saved meanwhile do not wait for sixty photos.
      if (next.state === 'received' && wantedAgain) break;
      session ??= await whoIsHere(net);
      if (!session) return nobodyAnswered(now());
      silentTries = 0;
      if (session.user && due.length > 1) {
        const { sendTogether } = await import('./together.js');
        const went = await sendTogether(due, next, alone, session, net, now);
        if (went === 'later') session = null;
        // What is due now is another list.
        if (went) break;
      }
      const isAllowed = next.owner === null || next.owner === session.user?.id;
      const outcome = isAllowed && (await sendOne(next, session, net, now));
      if (!outcome) skipped.add(next.id);
      // Whoever does not answer, or knows nobody, is asked who they are before anything else is tried.
      else if (outcome.kind === 'later') session = null;
    }
  }
  await keepSent(net, now);
  return earliest(skipped);
}

async function whoIsHere(net) {
  const askedAt = Date.now();
  const session = await net.askSession();
  if (session) await noteUser(session.user, askedAt);
  return session;
}

/** What may go now, in the order in which it goes. Read once for all of it: 200 captures are not read 200 times. */
async function dueNow(at, skipped) {
  wantedAgain = false;
  const due = (await phone.capturesIn(WAITING)).filter((one) => isDue(one, at) && !skipped.has(one.id));
  const photosLast = (one) => (one.state === 'received' ? 1 : 0);
  return due.sort((one, other) => photosLast(one) - photosLast(other) || one.queued_at - other.queued_at);
}

async function earliest(skipped) {
  const paused = (await phone.capturesIn(WAITING)).filter((one) => isDue(one, Infinity) && !skipped.has(one.id));
  return paused.length ? Math.min(...paused.map((one) => one.next_try_at ?? 0)) : null;
}

/** Nobody of ours is at the other end: no capture is to blame, so none has a try counted. */
function nobodyAnswered(at) {
  silentTries += 1;
  const until = at + pause(silentTries);
  tellNews({ silent_until: until });
  return until;
}

async function sendOne(capture, session, net, now) {
  const { state } = capture;
  const send = state === 'received' ? sendNextPhoto : state === 'removing' ? (await import('./together.js')).sendRemoval : sendItsWords;
  return send(capture, session, net, now);
}

async function sendItsWords({ id }, session, net, now) {
  const tried = await phone.changeCapture(id, (one) => attempt(one, now()));
  if (tried?.state !== 'sending') return null;
  tellNews({ id });
  const outcome = await net.sendWords(tried, session);
  await phone.changeCapture(id, (one) => settle(one, tried.attempt.rev, outcome, now()));
  tellNews({ id });
  return outcome;
}

async function sendNextPhoto(capture, session, net, now) {
  const { id } = capture;
  const [photoId] = capture.acked.missing;
  const promised = capture.content.photos.find((one) => one.id === photoId);
  const photo = promised && (await phone.photoOf(photoId));
  const outcome = photo
    ? await net.sendPhoto(capture, { ...photo, sha256: promised.sha256, type: promised.type }, session, (sent, total) => tellNews({ id, photo: photoId, sent, total }))
    : { kind: 'refused', problem: { code: 'photo_lost', words: 'A photo is no longer on this device.' } };
  await phone.changeCapture(id, (one) => settlePhoto(one, photoId, outcome, now()));
  tellNews({ id });
  return outcome;
}
