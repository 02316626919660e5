// A postcode or grid reference: its box, shown by its button, with a button of its own to look it up. A code that was
// refused stays to be put right; whoever goes on without it has it left out, as its message says.
import { SERVER_ERROR, fragment, groupOf, isBusy, setBusy } from './dom.js';
import { sayWrong } from './local-error.js';
import { askPlace } from './places.js';

const LEFT_OUT = 'If you go on like this, it is left out.';

/** Takes over a code's input. `onFound(answer, text)`, `onUnknown(text)` when nobody answered, `onRefused()` and
 * `onEmptied()` hear what came of it; `takeTurn()` gives a function that says whether no newer question was asked. */
export function typedPlace(input, button, { placesUrl, takeTurn, onFound, onUnknown, onRefused, onEmptied }) {
  const group = groupOf(input);
  const row = fragment('<div class="wb-find"></div>');
  const find = fragment('<button type="button" class="govuk-button">Find it</button>');
  input.before(row);
  row.append(input, find);
  group.dataset.check = 'skip';
  let lookedUp = input.value;

  function open(isOpen) {
    group.hidden = !isOpen;
    button.setAttribute('aria-expanded', isOpen);
  }

  function mark(words) {
    if (words) input.dataset.refused = '';
    else delete input.dataset.refused;
    sayWrong(input, words);
  }

  async function look() {
    const typed = input.value.trim();
    lookedUp = typed;
    if (!typed) {
      mark('');
      return onEmptied();
    }
    const isNewest = takeTurn();
    setBusy(find, true);
    const { answer, refusal } = await askPlace(placesUrl, { [input.name]: typed });
    setBusy(find, false);
    if (!isNewest()) return;
    mark(refusal ? `${refusal} ${LEFT_OUT}` : '');
    if (refusal) onRefused();
    else if (answer) onFound(answer, typed);
    else onUnknown(typed);
  }

  find.addEventListener('click', () => isBusy(find) || look());
  // A code that is being put right is not left out on the way on.
  input.addEventListener('input', () => delete input.dataset.refused);
  input.addEventListener('change', () => input.value.trim() !== lookedUp && look());
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    look();
  });
  button.addEventListener('click', () => {
    open(group.hidden);
    if (!group.hidden) input.focus();
  });
  open(Boolean(input.value || group.querySelector(SERVER_ERROR)));

  return {
    group,
    isRefused: () => 'refused' in input.dataset,
    /** Writes a code that is known already. */
    set(text) {
      input.value = text;
      lookedUp = text;
      mark('');
    },
    /** Empties the box, unless somebody is typing in it. */
    clear() {
      if (group.contains(document.activeElement)) return;
      this.set('');
      open(false);
    },
  };
}
