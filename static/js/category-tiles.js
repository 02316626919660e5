// What is it? The categories as tiles: what this person recorded last comes first, the others behind one tile. The chosen
// one decides whether it is graded or how serious it is asked, what each grade means, who usually answers, and what to
// take care of.
import { fragment, icon } from './dom.js';
import { note, noted } from './store.js';

const FIRST = 7;
const NOTE = 'recent-categories';
const URGENT = '4';

export async function categoryTiles(form) {
  const set = form.querySelector('.wb-tiles');
  const grades = form.querySelector('.wb-grades');
  const severities = form.querySelector('.wb-severities');
  const urgent = form.querySelector('.wb-ob__urgent');
  const care = urgent.querySelector('[data-care]');
  const common = care.textContent;
  const flyTip = form.querySelector('.wb-ob__fly-tip');
  const wording = JSON.parse(grades.dataset.wording);
  const tiles = [...set.querySelectorAll('.wb-tile')];
  const inputOf = (tile) => tile.querySelector('input');
  const all = fragment(`<button type="button" class="wb-tile wb-tile--all" aria-expanded="false">${icon('plus')}<span></span></button>`);
  all.lastElementChild.textContent = `All ${tiles.length}`;
  set.append(all);
  let recent = (await noted(NOTE).catch(() => null)) ?? [];
  let ordered = tiles;
  let isOpen = false;

  /** Those recorded last, then those that are common, then the rest as they stand. */
  function rank(tile) {
    const { value, dataset } = inputOf(tile);
    const at = recent.indexOf(value);
    if (at >= 0) return at;
    return dataset.common === undefined ? 200 + tiles.indexOf(tile) : 100 + Number(dataset.common);
  }

  /** Shows all of them, or those that come first and the chosen one. */
  function open(isAll) {
    isOpen = isAll;
    ordered.forEach((tile, index) => (tile.hidden = !isOpen && index >= FIRST && !inputOf(tile).checked));
    all.hidden = isOpen;
    all.setAttribute('aria-expanded', isOpen);
  }

  const chosen = () => tiles.map(inputOf).find((input) => input.checked) ?? null;

  function choose(part, isAsked) {
    part.hidden = !isAsked;
    if (!isAsked) part.querySelectorAll('input').forEach((input) => (input.checked = false));
  }

  function settle() {
    const input = chosen();
    const element = input?.dataset.element ?? '';
    choose(grades, Boolean(element));
    choose(severities, Boolean(input) && !element && input.value !== 'positive');
    grades.querySelectorAll('[data-grade]').forEach((words) => (words.textContent = wording[element]?.[words.dataset.grade] ?? ''));
    const isSerious = form.elements.severity.value === URGENT;
    urgent.hidden = !input || !(isSerious || 'urgent' in input.dataset || input.dataset.care);
    urgent.querySelector('strong').hidden = Boolean(input) && !isSerious && !('urgent' in input.dataset);
    care.textContent = input?.dataset.care ?? common;
    flyTip.hidden = input?.value !== 'fly_tipping';
    if (flyTip.hidden) form.elements.as_fly_tip.checked = false;
  }

  all.addEventListener('click', () => {
    const firstMore = set.querySelector('.wb-tile[hidden] input');
    open(true);
    firstMore.focus();
  });
  // A tap brings the grades near. The arrow keys choose one tile after the other, which a browser calls a click too, of no
  // finger: for them the others go once the keys have gone on. Nothing moves under a finger that is about to tap elsewhere.
  set.addEventListener('click', ({ target, detail }) => {
    if (isOpen && detail && target.matches('input')) open(false);
  });
  form.addEventListener('focusin', ({ target }) => {
    if (isOpen && !set.contains(target) && target.matches(':focus-visible')) open(false);
  });
  set.addEventListener('change', settle);
  severities.addEventListener('change', settle);

  return {
    /** Shows the tiles afresh, for another observation or one that was opened again. */
    show() {
      ordered = [...tiles].sort((one, other) => rank(one) - rank(other));
      all.before(...ordered);
      open(false);
      settle();
    },
    chosen,
    /** The question that is still open, with the words for it, or null. */
    missing() {
      if (!chosen()) return { part: set, words: 'Choose what it is.' };
      for (const [part, words] of [[grades, 'Choose a grade, or “Not graded”.'], [severities, 'Choose how serious it is.']]) {
        if (!part.hidden && !part.querySelector('input:checked')) return { part, words };
      }
      return null;
    },
    /** What was recorded comes first from now on. */
    remember() {
      const { value } = chosen();
      recent = [value, ...recent.filter((one) => one !== value)].slice(0, FIRST);
      note(NOTE, recent).catch(() => null);
    },
  };
}
