// Advice about dangerous waste, at once when it is chosen. The server writes every block of advice
// (`data-hazard-advice="asbestos chemical"`), so that without JavaScript all of it can be read; here only the blocks
// for the chosen waste stay. The element names the question: `data-module="hazard" data-for="main_waste"`.

export default function hazard(element) {
  const blocks = [...element.querySelectorAll('[data-hazard-advice]')];
  const form = element.closest('form');
  const name = element.dataset.for ?? 'main_waste';
  const region = element.querySelector('[data-hazard-region]') ?? element;
  region.setAttribute('aria-live', 'polite');

  function show() {
    const chosen = form.querySelector(`[name="${name}"]:checked`)?.value;
    blocks.forEach((block) => (block.hidden = !block.dataset.hazardAdvice.split(/\s+/).includes(chosen)));
  }
  form.addEventListener('change', (event) => event.target.name === name && show());
  form.addEventListener('wardbook:restored', show);
  show();
}
