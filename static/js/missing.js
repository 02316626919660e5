// Points out what would be refused, before somebody walks five screens for nothing or sends it off without a connection.
// The page marks a question as needed with `data-required-any="names…"` (one of them must have a value, where
// `data-required-if` names a tick only once that is set) and `data-required-message`, whose words stand at the last of the
// names; what an answer must look like with `data-shape` and `data-shape-message`. The server still decides.
import { sayWrong } from './local-error.js';

const watched = new WeakSet();

function isGiven(control) {
  if (control.type === 'radio' || control.type === 'checkbox') return control.checked;
  // What was refused already is left out on the way on, so it answers nothing.
  return control.value.trim() !== '' && !('refused' in control.dataset);
}

const controlsOf = (form, names) => names.split(/\s+/).flatMap((name) => [...form.elements].filter((one) => one.name === name));

function hasOne(element) {
  const { requiredAny, requiredIf } = element.dataset;
  const form = element.closest('form');
  return (requiredIf && !controlsOf(form, requiredIf).some(isGiven)) || controlsOf(form, requiredAny).some(isGiven);
}

const fits = ({ value, dataset }) => !value.trim() || new RegExp(`^(?:${dataset.shape})$`).test(value.trim());

/** The first thing in a section that must change: its control, and the words for it. */
function wrongIn(section) {
  const marked = [section, ...section.querySelectorAll('[data-required-any]')];
  const missing = marked.find((element) => element.dataset.requiredAny && !hasOne(element));
  if (missing) {
    const { requiredAny, requiredMessage: words } = missing.dataset;
    const [control] = controlsOf(section.closest('form'), requiredAny.split(/\s+/).at(-1));
    return { control, words };
  }
  const misfit = [...section.querySelectorAll('[data-shape]')].find((control) => !fits(control));
  return misfit && { control: misfit, words: misfit.dataset.shapeMessage };
}

/** Says whether something in a section must change, shows the words beside it and moves the focus there. */
export function missingIn(section) {
  const wrong = wrongIn(section);
  if (!wrong) return false;
  const { control, words } = wrong;
  const message = sayWrong(control, words);
  message.tabIndex = -1;
  message.focus();
  if (watched.has(control)) return true;
  watched.add(control);
  ['input', 'change', 'wardbook:changed'].forEach((event) =>
    section.closest('form').addEventListener(event, () => wrongIn(section)?.control !== control && sayWrong(control, '')),
  );
  return true;
}
