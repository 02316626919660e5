// What a capture is called in the outbox: its kind, and the place or the answer that tells it from the others. The form
// says which answers those are (`data-title-from`), so that a new kind needs nothing here.

const LONGEST = 60;

function answerTo(form, name) {
  const control = form.elements[name];
  const chosen = control instanceof RadioNodeList ? [...control].find((one) => one.checked) : control;
  if (!chosen) return '';
  const isChoice = chosen.type === 'radio' || chosen.type === 'checkbox';
  if (!isChoice) return (chosen.value ?? '').trim();
  return chosen.checked ? (chosen.labels[0]?.textContent.trim() ?? '') : '';
}

/** "Fly-tipping, lay-by opposite the field gate". */
export function titleOf(form) {
  const label = form.dataset.label ?? '';
  const names = (form.dataset.titleFrom ?? '').split(/\s+/).filter(Boolean);
  const words = names.map((name) => answerTo(form, name)).find(Boolean) ?? '';
  const short = words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
  return [label, short].filter(Boolean).join(', ');
}
