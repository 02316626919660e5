// What a capture is called in the outbox: its kind, and the place or the answer that tells it from the others. The form
// says which answers those are (`data-title-from`), so that a new kind needs nothing here.

const LONGEST = 60;

/** The answer to a question in the words that its person read; '' where there is none. */
export function answerTo(form, name) {
  const control = form.elements[name];
  const chosen = control instanceof RadioNodeList ? [...control].find((one) => one.checked) : control;
  if (!chosen) return '';
  if (chosen.type === 'select-one') return chosen.value && chosen.selectedOptions[0].text;
  const isChoice = chosen.type === 'radio' || chosen.type === 'checkbox';
  if (!isChoice) return (chosen.value ?? '').trim();
  return chosen.checked ? (chosen.labels[0]?.textContent.trim() ?? '') : '';
}

/** "Fly-tipping, lay-by opposite the field gate"; of several that are numbered, "Observation 12, Litter". */
export function titleOf(form) {
  const { label = '', titleNumber } = form.dataset;
  const numbered = titleNumber ? `${label} ${answerTo(form, titleNumber)}`.trim() : label;
  const names = (form.dataset.titleFrom ?? '').split(/\s+/).filter(Boolean);
  const words = names.map((name) => answerTo(form, name)).find(Boolean) ?? '';
  const short = words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
  return [numbered, short].filter(Boolean).join(', ');
}
