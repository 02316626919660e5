// A follow-up question that belongs to one choice, in GOV.UK's own markup: the choice carries `data-aria-controls` with
// the id of what it opens. Hidden questions keep their answers on the page; the server ignores them.

export default function conditional(group) {
  const openers = [...group.querySelectorAll('[data-aria-controls]')].filter((input) =>
    document.getElementById(input.dataset.ariaControls),
  );
  if (!openers.length) return;
  const kind = group.dataset.module.replace('govuk-', '');

  function show() {
    for (const input of openers) {
      const block = document.getElementById(input.dataset.ariaControls);
      block.classList.toggle(`govuk-${kind}__conditional--hidden`, !input.checked);
    }
  }
  openers.forEach((input) => input.setAttribute('aria-controls', input.dataset.ariaControls));
  group.addEventListener('change', show);
  group.closest('form')?.addEventListener('wardbook:restored', show);
  window.addEventListener('pageshow', show);
  show();
}
