// Letting go of something that was not sent, because its person said so twice. What may have reached the server is taken
// back there first, so that a late second try cannot bring it back.
import { tellNews } from './news.js';
import { lineOf } from './outbox.js';
import { askSession, LATER, takeBack } from './protocol.js';
import { captureWith, forgetCapture, inOne } from './store.js';

const SURE = 'Remove this from your phone for good? It has not been sent.';
const SENT_MEANWHILE = 'It was sent meanwhile, so it is not removed.';
const SURE_OF_SESSION = 'Remove the session itself? Vehicles that were logged in it would belong to none, until it is ended on this phone.';
const SURE_OF_CHANGE = 'Wardbook has this already. Let go of what was changed since, and not sent?';
const SURE_OF_LINE = 'Take this off the list? Wardbook keeps it.';
const NO_CONNECTION = 'Part of it may have been sent already. Remove it once there is a connection.';

/** Removes a capture. Gives a sentence when it could not be done, an empty one when it was, null when its person would
 * rather keep it. */
export async function letGo({ id }) {
  const asked = await captureWith(id);
  if (!window.confirm(questionFor(asked))) return null;
  // Another tab may have sent it while its person thought about it.
  const capture = await captureWith(id);
  if (!capture) return '';
  if (hasGoneOn(capture)) {
    if (capture.attempt) return NO_CONNECTION;
    await letGoOfChange(capture);
    tellNews({ id });
    return '';
  }
  if (capture.state === 'complete') return SENT_MEANWHILE;
  if (capture.sent_rev && !['gone', 'stays'].includes(capture.problem?.code)) {
    const session = await askSession();
    const mayAsk = session && (capture.owner === null || capture.owner === session.user?.id);
    const { kind, problem } = mayAsk ? await takeBack(capture, session) : LATER;
    if (kind !== 'gone') return Object.values((kind === 'refused' && problem.errors) || {}).flat().join(' ') || NO_CONNECTION;
  }
  await forgetCapture(capture.id);
  await inOne((notes) => goOn(notes, capture), ['notes']);
  tellNews({ id: capture.id });
  return '';
}

function questionFor(capture) {
  if (hasGoneOn(capture)) return SURE_OF_CHANGE;
  if (capture?.problem?.code === 'stays') return SURE_OF_LINE;
  return capture?.keeps_state && capture.kind === 'speed_watch' ? SURE_OF_SESSION : SURE;
}

/** A session that goes on, or its count: the server has it, and only what was changed since waits. Taking it back would take
 * with it all that was logged. */
const hasGoneOn = (capture) => Boolean(capture?.keeps_state && capture.acked && capture.state !== 'complete');

/** What waits is let go of; a session whose end it was goes on. */
function letGoOfChange({ id }) {
  return inOne(async (captures, notes) => {
    const capture = await captures.get(id);
    if (!hasGoneOn(capture)) return;
    await Promise.all([captures.put(lineOf({ ...capture, state: 'complete', sent_at: capture.sent_at ?? Date.now() })), goOn(notes, capture)]);
  }, ['captures', 'notes']);
}

/** A session whose end was let go of goes on; its person ends it again. */
async function goOn(notes, { id, owner }) {
  const name = `speed:${owner}:${id}`;
  const session = await notes.get(name);
  if (session) await notes.put({ ...session, ended_at: null }, name);
}
