// The page that shows a report's receipt: the server has it, so the draft of a form that was posted may go. What went
// through the outbox is looked after there.
import { noteSent, wasPosted } from './sent.js';
import { captureWith, forgetCapture } from './store.js';

export default async function captureSent(element) {
  const id = element.dataset.captureId;
  if (!id) return;
  noteSent(id);
  const kept = window.indexedDB && (await captureWith(id));
  if (kept?.state === 'draft' && wasPosted(id)) await forgetCapture(id);
}
