// The last screen before sending: every answer in the words of its question, each with a way to change it. It is
// read off the page itself, so a new question needs nothing here. A step without any answer still gets one row.
import { fragment, groupOf } from './dom.js';

const words = (element) => element?.textContent.replace(/[ \t\r\n]+/g, ' ').trim() ?? '';
const lines = (element) =>
  [...element.querySelectorAll('strong, span, p')].filter((part) => !part.children.length).map(words).filter(Boolean).join('\n');
const withoutOptional = (text) => text.replace(/\s*\(optional\)\s*$/i, '');

function question(group, [control]) {
  if (control.type === 'file' && !group.dataset.checkLabel) return 'Photos';
  const own = group.querySelector('legend') ?? group.querySelector('label');
  return withoutOptional(group.dataset.checkLabel ?? words(own));
}

/** A day, a month and a year of four figures in words; anything else as it was typed, for the server to judge. */
export function dateWords(parts) {
  const [day, month, year] = parts.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  // A year of two figures would count from 1900 here.
  const inFigures = /^\d{1,2} \d{1,2} \d{4}$/.test(parts.map((part) => part.trim()).join(' '));
  const real = inFigures && date.getUTCDate() === day && date.getUTCMonth() === month - 1;
  if (!real) return parts.join(' ').trim();
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

function filesWords(control) {
  const count = control.files.length;
  if (!count) return '';
  return count === 1 ? '1 photo' : `${count} photos`;
}

function answer(group, controls) {
  if (group.querySelector(':scope .govuk-date-input')) return dateWords(controls.map((control) => control.value));
  return controls
    .map((control) => {
      if (control.type === 'file') return filesWords(control);
      if (control.type === 'select-one') return control.value && words(control.selectedOptions[0]);
      if (control.type !== 'radio' && control.type !== 'checkbox') return control.value.trim();
      if (!control.checked) return '';
      // A box that stands alone is its own question.
      return control.dataset.checkAnswer ?? (group.querySelector('legend') ? words(control.labels[0]) : 'Yes');
    })
    .filter(Boolean)
    .join('\n');
}

function isAsked(group) {
  return !group.hidden && !group.closest('[hidden]:not([data-step]), [data-check="skip"], .govuk-radios__conditional--hidden');
}

/** The rows of one section: `[{ question, answer, id }]`, only what was answered. */
export function rowsOf(section) {
  const rows = [...section.querySelectorAll('[data-check-row]')]
    .filter((row) => !row.hidden)
    .map((row) => ({ question: row.dataset.checkRow, answer: lines(row), id: null }));
  const groups = new Map();
  for (const control of section.querySelectorAll('input, select, textarea')) {
    const group = control.type !== 'hidden' && control.name && groupOf(control);
    if (group && isAsked(group)) groups.set(group, [...(groups.get(group) ?? []), control]);
  }
  for (const [group, controls] of groups) {
    // A wish that was not ticked is worth a row only where something beside it was answered.
    const text = answer(group, controls) || (rows.length && controls[0].dataset.unticked);
    if (text) rows.push({ question: question(group, controls), answer: text, id: controls[0].id });
  }
  return rows;
}

function rowElement({ question: asked, answer: given, id }, step, verb) {
  const row = fragment(`
    <div class="govuk-summary-list__row">
      <dt class="govuk-summary-list__key"></dt>
      <dd class="govuk-summary-list__value"></dd>
      <dd class="govuk-summary-list__actions">
        <a class="govuk-link" href="#"><span></span><span class="govuk-visually-hidden"></span></a>
      </dd>
    </div>`);
  row.querySelector('dt').textContent = asked;
  row.querySelector('dd').textContent = given;
  const link = row.querySelector('a');
  link.href = `#${step}`;
  link.dataset.change = step;
  if (id) link.dataset.field = id;
  const [verbPart, rest] = link.children;
  verbPart.textContent = verb;
  rest.textContent = ` ${asked.toLowerCase()}`;
  return row;
}

/** Fills the check screen's list from the sections as they stand now. */
export function fillCheck(list, sections) {
  list.replaceChildren();
  for (const section of sections) {
    const step = section.dataset.step;
    const rows = rowsOf(section);
    const heading = words(section.querySelector('h2'));
    for (const row of rows) list.append(rowElement(row, step, 'Change'));
    if (!rows.length) list.append(rowElement({ question: heading, answer: 'Nothing given', id: null }, step, 'Add'));
  }
}
