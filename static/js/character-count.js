// How many characters are left, in GOV.UK's own markup (`data-maxlength` on the group). Seen at every key, read out
// only when typing pauses.

const PAUSE_MS = 1000;

function wordsFor(left) {
  const count = Math.abs(left);
  const noun = count === 1 ? 'character' : 'characters';
  return left < 0 ? `You have ${count} ${noun} too many` : `You have ${count} ${noun} left`;
}

export default function characterCount(group) {
  const field = group.querySelector('.govuk-js-character-count');
  const message = field && document.getElementById(`${field.id}-info`);
  const most = Number(group.dataset.maxlength);
  if (!message || !most) return;
  const aloud = message.cloneNode();
  aloud.removeAttribute('id');
  aloud.className = 'govuk-visually-hidden';
  aloud.setAttribute('aria-live', 'polite');
  message.after(aloud);
  message.classList.remove('govuk-visually-hidden');
  message.setAttribute('aria-hidden', 'true');
  let timer = null;

  function show() {
    const left = most - field.value.length;
    message.textContent = wordsFor(left);
    message.classList.toggle('govuk-error-message', left < 0);
    message.classList.toggle('govuk-hint', left >= 0);
    field.classList.toggle('govuk-textarea--error', left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => (aloud.textContent = message.textContent), PAUSE_MS);
  }
  field.addEventListener('input', show);
  field.closest('form')?.addEventListener('wardbook:restored', show);
  show();
}
