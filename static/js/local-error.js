// A mistake found on the phone, shown as the server shows one: the message tied to its field, the red bar, the word
// "Error" at the front of the page's title.
import { SERVER_ERROR, fragment, groupOf } from './dom.js';

const ERROR = 'Error: ';

/** Puts "Error:" before the page's title while `isWrong`, and takes it away otherwise. */
export function markTitle(isWrong) {
  const plain = document.title.replace(ERROR, '');
  document.title = isWrong ? ERROR + plain : plain;
}

/** Says whether a section shows a mistake. */
export function hasError(section) {
  return [...section.querySelectorAll('.govuk-error-message')].some((message) => !message.hidden && !message.closest('[hidden]:not([data-step])'));
}

function describe(field, id, isDescribed) {
  const ids = (field.getAttribute('aria-describedby') ?? '').split(/\s+/).filter((one) => one && one !== id);
  if (isDescribed) ids.push(id);
  if (ids.length) field.setAttribute('aria-describedby', ids.join(' '));
  else field.removeAttribute('aria-describedby');
}

/** Shows `words` beside a control, or takes them away when there are none. Gives the message. */
export function sayWrong(control, words) {
  const group = groupOf(control);
  const isChoice = control.type === 'radio' || control.type === 'checkbox';
  const id = `${control.name}-wrong`;
  const isWrong = Boolean(words);
  const before = document.getElementById(id);
  if (!before && !isWrong) return null;
  before?.remove();
  describe(isChoice ? control.closest('fieldset') : control, id, isWrong);
  group.classList.toggle('govuk-form-group--error', isWrong || Boolean(group.querySelector(SERVER_ERROR)));
  if (!isChoice) {
    control.classList.toggle('govuk-input--error', isWrong);
    control.setAttribute('aria-invalid', isWrong);
  }
  const message = isWrong ? messageBefore(control.closest('.govuk-radios, .wb-find') ?? control, id, words) : null;
  const section = control.closest('[data-step]');
  if (section && !section.hidden) markTitle(hasError(section));
  return message;
}

function messageBefore(element, id, words) {
  const message = fragment(
    '<p class="govuk-error-message" data-local role="alert"><span class="govuk-visually-hidden">Error: </span></p>',
  );
  message.id = id;
  message.append(words);
  element.before(message);
  return message;
}
