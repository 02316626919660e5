// Taps of gloves, and keys of a keyboard. A finger that slides a little is no miss: keypad keys act as soon as they are touched,
// as a keyboard's do, the others when the finger is lifted above them.

/** Calls `act(button)` for each tap on a button within `box` that `selector` names. */
export function onTap(box, selector, act, { isKey = false } = {}) {
  let handled = null;
  const buttonAt = ({ target }) => {
    const button = target.closest(selector);
    return button && !button.disabled ? button : null;
  };

  box.addEventListener('pointerdown', (event) => {
    const button = event.button ? null : buttonAt(event);
    handled = null;
    if (!button) return;
    button.dataset.down = 'yes';
    if (isKey) {
      handled = button;
      act(button);
    }
  });
  box.addEventListener('pointerup', (event) => {
    const button = event.button ? null : buttonAt(event);
    if (!button || isKey || button.dataset.down !== 'yes') return;
    delete button.dataset.down;
    const { left, right, top, bottom } = button.getBoundingClientRect();
    if (event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom) return;
    handled = button;
    act(button);
  });
  // A keyboard, a screen reader or a script clicks without a pointer.
  box.addEventListener('click', (event) => {
    const button = buttonAt(event);
    if (!button) return;
    if (handled === button && event.detail) handled = null;
    else act(button);
  });
  // The focus stays with the boxes that are typed into: Enter on a keyboard saves.
  box.addEventListener('mousedown', (event) => event.target.closest('button') && event.preventDefault());
}

/** Calls `act(key)` for what is typed on a keyboard while `isHeard()`: a figure, a letter, 'back' or 'enter'. */
export function onKeys(isHeard, act) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isHeard()) return;
    const key = /^[0-9a-z]$/i.test(event.key) ? event.key.toUpperCase() : { Backspace: 'back', Enter: 'enter' }[event.key];
    if (!key || (event.repeat && key !== 'back')) return;
    // Whoever went to another button with Tab means that button.
    const focused = document.activeElement;
    if (key === 'enter' && focused?.matches('button, a') && !focused.closest('[data-typed]')) return;
    event.preventDefault();
    act(key);
  });
}
