// Points out a question that the page itself marks as needed, before somebody walks five screens for nothing. The
// mark is `data-required-any="names…"` and `data-required-message` on a section or group: one of the names must have
// a value. The words stand at the last of them. The server still decides.
import { sayWrong } from './local-error.js';

const watched = new WeakSet();

function isGiven(control) {
  if (control.type === 'radio' || control.type === 'checkbox') return control.checked;
  // What was refused already is left out on the way on, so it answers nothing.
  return control.value.trim() !== '' && !('refused' in control.dataset);
}

const namesOf = (element) => element.dataset.requiredAny.split(/\s+/);
const controlsOf = (form, name) => [...form.elements].filter((control) => control.name === name);

function hasOne(element) {
  const form = element.closest('form');
  return namesOf(element).some((name) => controlsOf(form, name).some(isGiven));
}

/** Says whether something marked as needed is missing, shows the words beside it and moves the focus there. */
export function missingIn(section) {
  const marked = [section, ...section.querySelectorAll('[data-required-any]')];
  const missing = marked.find((element) => element.dataset.requiredAny && !hasOne(element));
  if (!missing) return false;
  const form = section.closest('form');
  const [control] = controlsOf(form, namesOf(missing).at(-1));
  const message = sayWrong(control, missing.dataset.requiredMessage);
  message.tabIndex = -1;
  message.focus();
  if (watched.has(missing)) return true;
  watched.add(missing);
  ['input', 'change', 'wardbook:changed'].forEach((event) =>
    form.addEventListener(event, () => hasOne(missing) && sayWrong(control, '')),
  );
  return true;
}
