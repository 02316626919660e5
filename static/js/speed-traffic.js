// The taps on the counter of all traffic: each is on the disk before the next is written, and the server is told what the
// counter shows a moment after the last one.
import { isBehind, tapped } from './speed-counter.js';
import { changeSession, queueCount } from './speed-session.js';

const QUIET_MS = 2000;
// A busy road must not make a version of the count for every car.
const APART_MS = 20_000;
const AGAIN_MS = 3000;
const NOT_KEPT = 'This phone cannot keep the count. Free some space, and leave this page open.';

const tappedOften = (session, step) => Array.from({ length: Math.abs(step) }).reduce((one) => tapped(one, Math.sign(step)), session);

/** `held.session` is the session as it is noted. */
export function trafficCounter(held, page, { part, put, say }) {
  let pending = 0;
  let flushing = Promise.resolve();
  let timer = null;
  let toldAt = 0;

  const shown = () => tappedOften(held.session, pending).counted;

  function draw() {
    put(part('counted'), shown() ?? '–');
  }

  function count(step) {
    if (step < 0 && !shown()) return;
    pending += step;
    draw();
    flushing = flushing.then(flush);
  }

  async function flush() {
    const step = pending;
    if (!step) return;
    try {
      held.session = await changeSession(held.session, (before) => tappedOften(before, step));
      pending -= step;
      draw();
      tellSoon();
    } catch {
      say(NOT_KEPT);
      setTimeout(() => (flushing = flushing.then(flush)), AGAIN_MS);
    }
  }

  function tellSoon() {
    if (!isBehind(held.session)) return;
    clearTimeout(timer);
    timer = setTimeout(tellNow, Math.max(QUIET_MS, toldAt + APART_MS - Date.now()));
  }

  /** Queues what it shows now, as when the page is put away. */
  async function tellNow() {
    clearTimeout(timer);
    await flushing;
    if (!isBehind(held.session)) return;
    toldAt = Date.now();
    const after = await queueCount(held.session, page).catch(() => null);
    if (after) held.session = { ...held.session, queued: after.queued };
  }

  /** Rows were saved or taken out: it may show something else. */
  function changed() {
    draw();
    tellSoon();
  }

  return { count, changed, tellNow };
}
