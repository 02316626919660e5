// The lines of a walk: each thing that was seen, newest first, with its photo, how bad it is, and whether it is on this
// phone or sent. The list is the proof that nothing is lost.
import { fragment, icon } from './dom.js';
import { previewOf } from './outbox-preview.js';
import { answer, numberOf } from './walk-lines.js';

const STATES = {
  draft: { words: 'Not finished', tone: 'soon', icon: 'pencil' },
  parked: { words: 'Needs you', tone: 'act', icon: 'warning' },
  complete: { words: 'Sent', tone: 'ok', icon: 'sent' },
};
const SAVED = { words: 'Saved', tone: 'phone', icon: 'device' };

/** The words of the page's own choices: the label of a value of the category, grade or severity. */
export function wordsOf(form) {
  const labels = new Map();
  for (const input of form.querySelectorAll('.wb-tile input, .wb-grades input, .wb-severities input')) {
    const words = input.name === 'severity'
      ? `${input.value} ${input.parentElement.querySelector('span').textContent.split('.')[0]}`
      : input.parentElement.querySelector(input.name === 'grade' ? 'strong' : 'span').textContent.trim();
    labels.set(`${input.name}:${input.value}`, words);
  }
  return (name, value) => labels.get(`${name}:${value}`) ?? '';
}

export function categoryWords(line, words) {
  return words('category', answer(line, 'category')) || line.title?.replace(/^[^,]*, /, '') || 'Observation';
}

/** Makes the list these items. Where it is so already nothing is touched, and whoever is in it keeps their place. */
export function showItems(list, items) {
  if (items.length === list.children.length && items.every((item, index) => item === list.children[index])) return;
  const focused = document.activeElement?.closest('.wb-walk__item')?.dataset.id;
  list.replaceChildren(...items);
  items.find((item) => item.dataset.id === focused)?.querySelector('button')?.focus();
}

/** The list item of a line. `open(line)` opens it again, where it is whole on this phone. */
export function itemOf(line, words, open) {
  const item = fragment(`
    <li class="wb-walk__item"><span class="wb-walk__photo"></span>
      <div class="wb-walk__what"><strong></strong><span></span></div>
      <div class="wb-walk__marks"><span class="wb-walk__grade"></span><span class="wb-walk__state"></span></div></li>`);
  const [photo, what, marks] = item.children;
  const state = STATES[line.state] ?? SAVED;
  const label = `${numberOf(line)}. ${categoryWords(line, words)}`;
  if (line.is_light) what.firstElementChild.textContent = label;
  else {
    const button = fragment('<button type="button" class="wb-button-link"></button>');
    button.textContent = label;
    button.addEventListener('click', () => open(line));
    what.firstElementChild.append(button);
  }
  const asset = answer(line, 'asset') && `no. ${answer(line, 'asset')}`;
  const reference = line.reference?.startsWith('EVA') ? '' : line.reference;
  const time = line.at ? new Date(line.at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }) : '';
  what.lastElementChild.textContent = [reference, asset, answer(line, 'place_text'), time].filter(Boolean).join(' · ');
  const mark = words('grade', answer(line, 'grade')) || words('severity', answer(line, 'severity'));
  marks.firstElementChild.textContent = mark;
  marks.firstElementChild.hidden = !mark;
  marks.lastElementChild.className = `wb-walk__state wb-walk__state--${state.tone}`;
  marks.lastElementChild.innerHTML = icon(state.icon);
  marks.lastElementChild.append(state.words);
  if (line.photo) photo.append(previewOf(line.photo));
  item.dataset.id = line.id;
  item.dataset.state = line.state;
  return item;
}
