// "Has it been reported already?": open reports near the place, as the server writes them, before the check. When nothing
// is near, no place is known, or nobody answers in time, the question is not asked and nothing waits.

const WITHIN_MS = 6000;

async function reportsNear(address, latitude, longitude) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), WITHIN_MS);
  try {
    const reply = await fetch(`${address}?${new URLSearchParams({ latitude, longitude })}`, { signal: control.signal });
    return reply.status === 200 && !reply.redirected ? await reply.text() : '';
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

/** A function that fills an element with the question and says whether there is one; the element then says for which
 * place (`data-place`). */
export function nearbyQuestion(form, rememberedChoice) {
  const address = form.dataset.nearbyUrl ?? `/${form.dataset.kind.replaceAll('_', '-')}/nearby`;
  let askedFor = null;
  let choice = rememberedChoice;

  form.addEventListener('change', (event) => {
    if (event.target.name === 'joins') choice = event.target.value;
  });

  return async function ask(element) {
    const latitude = form.elements.latitude?.value;
    const longitude = form.elements.longitude?.value;
    const place = latitude && longitude ? `${latitude},${longitude}` : null;
    if (!place || place !== askedFor) {
      element.replaceChildren();
      const markup = place ? await reportsNear(address, latitude, longitude) : '';
      const page = new DOMParser().parseFromString(markup, 'text/html');
      if (page.querySelector('[name="joins"]')) element.append(...page.body.childNodes);
      // An empty answer may be a lost one, so only a real question is remembered.
      askedFor = element.firstChild ? place : null;
      element.dataset.place = askedFor ?? '';
    }
    const options = [...element.querySelectorAll('[name="joins"]')];
    options.filter((option) => option.value === choice).forEach((option) => (option.checked = true));
    return options.length > 0;
  };
}
