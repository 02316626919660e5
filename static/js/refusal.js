// Shows on the form what the server refused of a capture, in the markup of a page that the server itself sent back, so
// that whatever looks for such mistakes finds these as well.
import { fragment, groupOf } from './dom.js';

const SUMMARY = `
  <div class="govuk-error-summary" role="alert" tabindex="-1">
    <h2 class="govuk-error-summary__title">There is a problem</h2>
    <div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"></ul></div>
  </div>`;

function firstControl(form, name) {
  return [...form.elements].find(
    (control) => (control.name === name || control.name.startsWith(`${name}-`)) && control.type !== 'hidden',
  );
}

function beside(control, name, words) {
  const group = groupOf(control);
  const message = fragment('<p class="govuk-error-message"><span class="govuk-visually-hidden">Error: </span></p>');
  message.id = `${name}-error`;
  message.append(words);
  group.classList.add('govuk-form-group--error');
  const isAlone = control.type !== 'radio' && control.type !== 'checkbox';
  (isAlone ? control : control.closest('.govuk-radios, .govuk-checkboxes')).before(message);
  if (!isAlone) return;
  control.classList.add(control.tagName === 'TEXTAREA' ? 'govuk-textarea--error' : 'govuk-input--error');
  const described = [control.getAttribute('aria-describedby'), message.id].filter(Boolean);
  control.setAttribute('aria-describedby', described.join(' '));
}

/** Puts the sentences beside their fields and in a summary above the form; gives the summary. */
export function showRefusal(form, { errors, words }) {
  const summary = fragment(SUMMARY);
  const list = summary.querySelector('ul');
  for (const [name, sentences] of Object.entries(errors ?? { '': [words] })) {
    const control = name && firstControl(form, name);
    const item = document.createElement('li');
    if (control) {
      beside(control, name, sentences[0]);
      const link = fragment('<a></a>');
      link.href = `#${control.id}`;
      link.textContent = sentences[0];
      item.append(link);
    } else item.textContent = sentences.join(' ');
    list.append(item);
  }
  document.querySelector('main').prepend(summary);
  document.title = `Error: ${document.title}`;
  return summary;
}
