// What opens over the logging screen and closes again: more colours, a question, the menu. The screen underneath stays as it is.

export function sheets(element) {
  const find = (name) => element.querySelector(`[data-sheet="${name}"]`);

  /** Opens a sheet; gives the value of the button that closed it, or ''. */
  async function open(name) {
    const dialog = find(name);
    if (dialog.open) return '';
    dialog.returnValue = '';
    const press = ({ target }) => {
      const button = target.closest('button');
      // A tap beside the sheet closes it; a question wants its answer, for the second of two taps on Save would close it.
      if (button) dialog.close(button.value || button.dataset.colour || button.dataset.make || '');
      else if (target === dialog && name !== 'ask') dialog.close('');
    };
    dialog.addEventListener('click', press);
    dialog.showModal();
    dialog.scrollTop = 0;
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    dialog.removeEventListener('click', press);
    return dialog.returnValue;
  }

  return {
    open,
    /** Asks; true when the answer is yes. */
    async ask({ words, yes, no }) {
      const part = (name) => element.querySelector(`[data-log="ask-${name}"]`);
      part('words').textContent = words;
      part('yes').textContent = yes;
      part('no').textContent = no;
      return (await open('ask')) === 'yes';
    },
  };
}
