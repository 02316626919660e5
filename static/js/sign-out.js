// Signing out on a phone: whoever has unsent work is told first. Then the copies of what was sent and everything fetched
// for offline work go, and other tabs leave for the front page; what is unsent stays, out of sight, until its owner signs
// in here again. Without a connection the session would live on, so nothing is done.
import { fragment } from './dom.js';
import { tellOthers } from './news.js';
import { waitingOf } from './outbox-badge.js';
import { currentPerson, noteSignedOut } from './person.js';
import { askSession } from './protocol.js';
import { capturesIn, forgetCapture, forgetNotes } from './store.js';

const NO_CONNECTION = 'Signing out needs a connection. Try again once you have one.';

async function warn(count) {
  const dialog = document.querySelector('.wb-dialog');
  dialog.querySelector('p').textContent =
    count === 1
      ? '1 thing you wrote down has not been sent. It stays on this device, out of sight, until you sign in here again.'
      : `${count} things you wrote down have not been sent. They stay on this device, out of sight, until you sign in here again.`;
  dialog.returnValue = '';
  dialog.querySelectorAll('button').forEach((button) => (button.onclick = () => dialog.close(button.value)));
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  return dialog.returnValue === 'yes';
}

async function clear(owner) {
  const sent = (await capturesIn(['complete'])).filter((capture) => capture.owner === owner);
  for (const { id } of sent) await forgetCapture(id);
  await forgetNotes('pack:');
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  await noteSignedOut(owner);
  tellOthers({ signed_out: true });
}

function sayNoConnection(form) {
  const said = form.querySelector('[role="alert"]') ?? fragment('<p class="govuk-error-message" role="alert"></p>');
  said.textContent = NO_CONNECTION;
  form.append(said);
}

export default function signOut(form) {
  form.addEventListener('submit', async (event) => {
    if (!window.indexedDB) return;
    event.preventDefault();
    const owner = (await currentPerson())?.id ?? null;
    const own = (await waitingOf(owner)).filter((capture) => capture.owner === owner);
    if (own.length && !(await warn(own.length))) return;
    if (!(await askSession())) return sayNoConnection(form);
    await clear(owner);
    form.submit();
  });
}
