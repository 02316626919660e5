// The page that shows a report's receipt: the server has it, so the copy on this phone may go. Only the capture
// that the page names is let go.
import { noteSent } from './sent.js';
import { forgetCapture } from './store.js';

export default async function captureSent(element) {
  const id = element.dataset.captureId;
  if (!id) return;
  noteSent(id);
  await forgetCapture(id);
}
