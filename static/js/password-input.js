// A button beside a password that shows what was typed, for gloves and small keys. Before the form leaves the page the
// password is hidden again, so that no browser keeps it among the words it offers later.

const words = {
  true: { button: 'Hide', said: 'Hide password', status: 'Your password is visible' },
  false: { button: 'Show', said: 'Show password', status: 'Your password is hidden' },
};

/** Makes the button work; without this script it stays away. */
export default function passwordInput(element) {
  const input = element.querySelector('input');
  const button = element.querySelector('button');
  const status = document.createElement('div');
  status.className = 'govuk-visually-hidden';
  status.setAttribute('aria-live', 'polite');
  button.after(status);

  const show = (visible) => {
    input.type = visible ? 'text' : 'password';
    button.textContent = words[visible].button;
    button.setAttribute('aria-label', words[visible].said);
  };

  button.addEventListener('click', () => {
    const visible = input.type === 'password';
    show(visible);
    status.textContent = words[visible].status;
  });
  input.form?.addEventListener('submit', () => show(false));
  window.addEventListener('pageshow', (event) => event.persisted && show(false));
  show(false);
  button.hidden = false;
}
