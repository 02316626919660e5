// The answers of a form as plain data: a name and the list of its values. What belongs to the page or the capture and not
// to the person (the CSRF token, the id, the form's version) is left out, so that an old draft never brings it back.

const NO_ANSWERS = new Set(['csrf_token', 'form_version', 'capture_id', 'capture_secret', 'captured_at', 'part_of', 'base_rev']);
const NOT_TYPED = new Set(['file', 'submit', 'button', 'reset', 'image']);
const CHOICES = new Set(['radio', 'checkbox']);

function controls(form) {
  return [...form.elements].filter(
    (control) => control.name && !NO_ANSWERS.has(control.name) && !NOT_TYPED.has(control.type),
  );
}

function read(chosen) {
  const answers = {};
  for (const control of chosen) {
    const values = (answers[control.name] ??= []);
    if (!CHOICES.has(control.type) || control.checked) values.push(control.value);
  }
  return answers;
}

/** Reads what has been answered: `{ size: ['car_boot'], first_seen_on: ['1', '2', '2026'] }`. */
export function readAnswers(form) {
  return read(controls(form));
}

/** What of it goes to the server: not what the page only remembers for itself, and nothing empty. */
export function answersToSend(form) {
  const sent = Object.entries(read(controls(form).filter((control) => !control.disabled)));
  return Object.fromEntries(sent.filter(([, values]) => values.some((value) => value !== '')));
}

/** Puts answers back. A question the answers do not know keeps what the page gave it, one of `typed` what it says. */
export function writeAnswers(form, answers, typed) {
  const used = {};
  for (const control of controls(form)) {
    const values = answers[control.name];
    if (!values || typed?.has(control.name)) continue;
    if (CHOICES.has(control.type)) {
      control.checked = values.includes(control.value);
      continue;
    }
    const index = used[control.name] ?? 0;
    used[control.name] = index + 1;
    if (index < values.length) control.value = values[index];
  }
}

/** Says whether a person has answered anything yet; hidden fields are not theirs. */
export function hasAnswers(form) {
  return controls(form).some((control) => {
    if (control.type === 'hidden') return false;
    if (CHOICES.has(control.type)) return control.checked && !control.defaultChecked;
    return control.value !== control.defaultValue && control.value.trim() !== '';
  });
}
