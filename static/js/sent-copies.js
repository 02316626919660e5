// What becomes of a capture after it was sent. For a day the phone keeps all of it, out of sight, and asks once an hour
// whether the server still has it: should the server have to go back to last night's backup, it goes once more. Then a
// line stays in the outbox for a week.
import { tellNews } from './news.js';
import { aged, lineOf, rechecked, repeated } from './outbox.js';
import * as phone from './store.js';

const CHECK_EVERY_MS = 3_600_000;
const ASKED_AT_ONCE = 100;

/** Lets go of what was sent long enough ago, and sends again what the server has lost. */
export async function keepSent(net, now) {
  const sent = await phone.capturesIn(['complete']);
  for (const capture of sent) await letGo(capture, now());
  const unsure = sent.filter((one) => aged(one, now()) === 'whole' && now() - one.checked_at > CHECK_EVERY_MS);
  const session = unsure.length ? await net.askSession() : null;
  if (!session) return;
  const own = unsure.filter((one) => one.owner !== null && one.owner === session.user?.id);
  for (let first = 0; first < own.length; first += ASKED_AT_ONCE) {
    await askAbout(own.slice(first, first + ASKED_AT_ONCE).map((one) => one.id), net, now);
  }
  for (const capture of unsure.filter((one) => one.owner === null)) await sendOnceMore(capture, session, net, now);
}

async function letGo(capture, at) {
  const left = aged(capture, at);
  if (left === 'nothing') await phone.forgetCapture(capture.id);
  else if (left === 'line' && !capture.is_light) await phone.lighten(lineOf(capture));
}

async function askAbout(ids, net, now) {
  const held = await net.heldOf(ids);
  if (!held) return;
  for (const id of ids) await noteHeld(id, held.get(id) ?? null, now());
}

async function noteHeld(id, receipt, at) {
  await phone.changeCapture(id, (one) => rechecked(one, receipt, at));
  tellNews({ id });
}

/** Somebody without an account has one way to ask: to send it once more, which changes nothing where it is held. */
async function sendOnceMore(capture, session, net, now) {
  const outcome = await net.sendWords(repeated(capture), session);
  // A clash says that it holds an older one: this one goes the usual way, and its person sees both.
  const receipt = outcome.kind === 'clash' ? null : outcome.receipt;
  if (receipt !== undefined) await noteHeld(capture.id, receipt, now());
}
