// A button that copies what it names: `<button data-module="copy" data-copy="FT-2026-00012" hidden>`. It stays hidden
// where the browser cannot copy. It says that it has copied, and goes back to its own words.

export default function copy(button) {
  if (!navigator.clipboard) return;
  const label = button.querySelector('[data-copy-label]') ?? button;
  const words = label.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText(button.dataset.copy).then(() => true, () => false);
    label.setAttribute('aria-live', 'polite');
    label.textContent = copied ? 'Copied' : 'Not copied: select it and copy by hand';
    setTimeout(() => (label.textContent = words), 4000);
  });
}
