// Points out a question that the page itself marks as needed, before somebody walks five screens for nothing. The
// mark is `data-required-any="names…"` and `data-required-message` on a section or group: one of the names must have
// a value. The server still decides.
import { fragment } from './dom.js';

function isGiven(control) {
  if (control.type === 'radio' || control.type === 'checkbox') return control.checked;
  return control.value.trim() !== '';
}

/** Says whether something marked as needed is missing, shows the words beside it and moves the focus there. */
export function missingIn(section) {
  section.querySelectorAll('[data-missing]').forEach((message) => message.remove());
  const marked = [section, ...section.querySelectorAll('[data-required-any]')];
  const missing = marked.find((element) => element.dataset.requiredAny && !hasOne(element));
  if (!missing) return false;
  const message = fragment('<p class="govuk-error-message" data-local data-missing role="alert"></p>');
  message.textContent = missing.dataset.requiredMessage;
  message.prepend(fragment('<span class="govuk-visually-hidden">Error: </span>'));
  const heading = missing.querySelector('h2, legend, label');
  (heading ?? missing).after(message);
  const form = section.closest('form');
  ['input', 'change', 'wardbook:changed'].forEach((event) =>
    form.addEventListener(event, () => hasOne(missing) && message.remove()),
  );
  message.tabIndex = -1;
  message.focus();
  return true;
}

function hasOne(element) {
  const form = element.closest('form');
  const names = element.dataset.requiredAny.split(/\s+/);
  return names.some((name) => [...form.elements].some((control) => control.name === name && isGiven(control)));
}
