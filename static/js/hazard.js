// Advice about dangerous waste, at once when it is chosen, directly under that choice. The server writes every block of
// advice (`data-hazard-advice="asbestos chemical"`), so that without JavaScript all of it can be read; here only the blocks
// for the chosen waste stay. The element names the question: `data-module="hazard" data-for="main_waste"`.
import { fragment } from './dom.js';

export default function hazard(element) {
  const blocks = [...element.querySelectorAll('[data-hazard-advice]')];
  const form = element.closest('form');
  const name = element.dataset.for ?? 'main_waste';
  // Said aloud from a place of its own: a region that moves about the page is not read out.
  const aloud = fragment('<p class="govuk-visually-hidden" role="status"></p>');
  element.before(aloud);

  function show() {
    const chosen = form.querySelector(`[name="${name}"]:checked`);
    blocks.forEach((block) => (block.hidden = !block.dataset.hazardAdvice.split(/\s+/).includes(chosen?.value)));
    const shown = blocks.filter((block) => !block.hidden);
    if (shown.length) chosen.closest('.govuk-radios__item').after(element);
    return shown.map((block) => block.textContent.replace(/\s+/g, ' ').trim()).join(' ');
  }
  form.addEventListener('change', (event) => {
    if (event.target.name === name) aloud.textContent = show();
  });
  form.addEventListener('wardbook:restored', show);
  show();
}
