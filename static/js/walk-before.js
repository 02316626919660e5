// The walk before in the same ward, beside the one that is planned or walked: when it was and what was seen, from what
// this phone keeps, so that it is there without a connection.
import { fragment } from './dom.js';
import { packOf } from './packs.js';

const dayWords = (day) => new Date(`${day}T12:00`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** The walk before that belongs to these answers: the one that is named, or else the newest of the ward. */
export function before(walks, { previous, ward }) {
  const named = previous.trim().toUpperCase();
  return (named && walks.find((walk) => walk.reference === named)) || walks.find((walk) => walk.ward_code === ward) || null;
}

export default async function walkBefore(box) {
  const form = box.closest('form');
  const field = (name) => form.elements[name];
  const walks = (await packOf('eva').catch(() => null))?.before ?? [];
  const labels = (value) => document.querySelector(`.wb-tile input[value="${value}"]`)?.parentElement.textContent.trim() ?? value.replaceAll('_', ' ');

  function show() {
    const isHere = box.contains(document.activeElement);
    const found = before(walks, { previous: field('previous').value, ward: field('ward_code').value });
    box.replaceChildren();
    if (!found) return;
    const panel = fragment(`
      <div class="govuk-inset-text">
        <h3 class="govuk-heading-s" tabindex="-1"></h3><p class="govuk-body"></p><ul class="govuk-list govuk-list--bullet"></ul>
        <button type="button" class="govuk-button govuk-button--secondary">Compare with this one</button>
      </div>`);
    const [heading, words, list, button] = panel.children;
    heading.textContent = `The walk before: ${found.title || found.reference}`;
    words.textContent = `${found.reference}, ${dayWords(found.held_on)}, ${found.observations.length} observations.`;
    for (const one of found.observations) {
      const item = document.createElement('li');
      item.textContent = [`${one.number}. ${labels(one.category)}`, one.place].filter(Boolean).join(', ');
      list.append(item);
    }
    button.hidden = field('previous').value.trim().toUpperCase() === found.reference;
    button.addEventListener('click', () => {
      field('previous').value = found.reference;
      field('previous').dispatchEvent(new Event('change', { bubbles: true }));
      show();
    });
    box.append(panel);
    // The button that was pressed is gone.
    if (isHere) heading.focus();
  }

  field('ward_code').addEventListener('change', show);
  field('previous').addEventListener('change', show);
  form.addEventListener('wardbook:restored', show);
  show();
}
