// Small ways to make elements. Markup given to `fragment` is always a literal of ours; whatever a person typed or
// a server answered goes in as text.

/** A refusal by the server. Messages made on the phone are marked local. */
export const SERVER_ERROR = '.govuk-error-message:not([data-local])';

/** The first element of a literal piece of markup. It belongs to the page from the start: an image that came from the
 * page into a template's own document and back would be fetched once more. */
export function fragment(markup) {
  const template = document.createElement('template');
  template.innerHTML = markup.trim();
  return document.adoptNode(template.content.firstElementChild);
}

/** Markup of an icon from the page's sprite. It never stands without its word, so readers skip it. */
export function icon(name) {
  const sprite = document.documentElement.dataset.icons ?? '';
  return `<svg class="wb-icon" aria-hidden="true" focusable="false"><use href="${sprite}#${name}"></use></svg>`;
}

/** A parent that every control of a GOV.UK question sits in. The parts of a date belong to the date's own group. */
export function groupOf(control) {
  const date = control.closest('.govuk-date-input');
  return (date ?? control).closest('.govuk-form-group');
}

/** Tells the rest of the form that something happened. */
export function tell(form, event, detail) {
  form.dispatchEvent(new CustomEvent(event, { detail }));
}

/** Marks a button as at work. It is not disabled: that would throw the focus of whoever pressed it to the page's top. */
export function setBusy(button, isAtWork) {
  if (isAtWork) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}

/** Says whether a button is still at work on its last press. */
export function isBusy(button) {
  return button.getAttribute('aria-disabled') === 'true';
}
