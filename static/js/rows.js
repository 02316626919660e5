// Answers in rows: the empty ones that a page without scripts needs are put away, and a button adds one at a time.
import { fragment, icon } from './dom.js';

const rowsOf = (set) => [...set.querySelectorAll(':scope > .wb-row')];
const controlsOf = (row) => [...row.querySelectorAll('input, select')];

const isEmpty = (row) => controlsOf(row).every((control) => control.value === '');

function renumber(set) {
  rowsOf(set).forEach((row, index) => {
    row.setAttribute('aria-label', `${set.dataset.one} ${index + 1}`);
    for (const control of controlsOf(row)) {
      const id = control.id.replace(/-\d+$/, `-${index + 1}`);
      const label = row.querySelector(`label[for="${control.id}"]`);
      control.id = id;
      label.htmlFor = id;
      label.firstElementChild.textContent = `${set.dataset.one} ${index + 1}: `;
    }
  });
}

/** Adds an empty row, and leaves the focus where it is. */
export function addRow(set) {
  const rows = rowsOf(set);
  const row = rows.at(-1).cloneNode(true);
  for (const control of controlsOf(row)) control.value = '';
  row.hidden = false;
  rows.at(-1).after(row);
  renumber(set);
  return row;
}

/** Makes as many rows as these answers have, so that they can be put back. */
export function fitRows(form, answers) {
  for (const set of form.querySelectorAll('.wb-rows')) {
    const names = new Set(controlsOf(set.querySelector('.wb-row')).map((control) => control.name));
    const wanted = Math.max(0, ...[...names].map((name) => (answers[name] ?? []).length));
    while (rowsOf(set).length < wanted) addRow(set);
  }
}

/** Shows the rows that hold something, and one more where there is none. */
export function showFilled(set) {
  const rows = rowsOf(set);
  const last = Math.max(0, rows.findLastIndex((row) => !isEmpty(row)));
  rows.forEach((row, index) => (row.hidden = index > last));
}

export default function rows(set) {
  const button = fragment(`
    <button type="button" class="govuk-button govuk-button--secondary wb-button-icon wb-rows__add">
      ${icon('plus')}<span></span>
    </button>`);
  button.querySelector('span').textContent = `Add ${set.dataset.one.toLowerCase()}`;
  set.append(button);
  button.addEventListener('click', () => {
    const next = rowsOf(set).find((row) => row.hidden) ?? addRow(set);
    next.hidden = false;
    controlsOf(next)[0].focus();
  });
  showFilled(set);
  set.addEventListener('wardbook:filled', () => showFilled(set));
}
