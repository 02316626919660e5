// Letting go of something that was not sent, because its person said so twice. What may have reached the server is taken
// back there first, so that a late second try cannot bring it back.
import { tellNews } from './news.js';
import { askSession, takeBack } from './protocol.js';
import { captureWith, forgetCapture } from './store.js';

const SURE = 'Remove this from your phone for good? It has not been sent.';
const SENT_MEANWHILE = 'It was sent meanwhile, so it is not removed.';
const NO_CONNECTION = 'Part of it may have been sent already. Remove it once there is a connection.';

/** Removes a capture. Gives a sentence when it could not be done, an empty one when it was, null when its person would
 * rather keep it. */
export async function letGo({ id }) {
  if (!window.confirm(SURE)) return null;
  // Another tab may have sent it while its person thought about it.
  const capture = await captureWith(id);
  if (!capture) return '';
  if (capture.state === 'complete') return SENT_MEANWHILE;
  if (capture.sent_rev && capture.problem?.code !== 'gone') {
    const session = await askSession();
    const mayAsk = session && (capture.owner === null || capture.owner === session.user?.id);
    if (!mayAsk || !(await takeBack(capture, session))) return NO_CONNECTION;
  }
  await forgetCapture(capture.id);
  tellNews({ id: capture.id });
  return '';
}
