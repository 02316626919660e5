// One thing per screen, made out of the sections of a page that works as one long form. The browser's own back
// and forward move between screens, the address names the screen, and the heading takes the focus so that a
// screen reader starts there. It judges no answer: the server does. Only a question the page marks with
// `data-required-any` is pointed out before going on.
import { fillCheck } from './check-answers.js';
import { SERVER_ERROR, fragment, groupOf, isBusy, setBusy } from './dom.js';
import { hasError, markTitle } from './local-error.js';
import { missingIn } from './missing.js';
import { CHECK, NEARBY, screenAfter, screenBefore, screenFromHash, screens, stepWords } from './wizard-steps.js';

const CHECK_MARKUP = `
  <section data-step="${CHECK}">
    <h2>Check before you send</h2>
    <dl class="govuk-summary-list"></dl>
  </section>`;
const NEARBY_MARKUP = `<section data-step="${NEARBY}"><h2>Has it been reported already?</h2><div></div></section>`;
const NEXT_MARKUP = `
  <div class="wb-step-next">
    <button type="button" class="govuk-button wb-button-big">Continue</button>
  </div>`;
const BAR_MARKUP = '<div class="wb-step-bar"><a class="govuk-back-link" href="#">Back</a></div>';

/** Turns the form into screens. `askNearby(element)` says whether there is something to ask before the check. */
export function startWizard(form, askNearby) {
  const own = [...form.querySelectorAll(':scope [data-step]')];
  const end = form.querySelector('[data-step-end]');
  const nearby = fragment(NEARBY_MARKUP);
  const check = fragment(CHECK_MARKUP);
  end.before(nearby, check);
  const next = fragment(NEXT_MARKUP);
  end.before(next);
  const sections = new Map([...own, nearby, check].map((section) => [section.dataset.step, section]));
  const all = screens(own.map((section) => section.dataset.step));
  const bar = stepBar(form);
  const pageTitle = document.title.replace('Error: ', '');
  const summary = document.querySelector('.govuk-error-summary');
  // A sentence without a link is about the report as a whole, so it belongs to every screen.
  const isAllRefused = [...(summary?.querySelectorAll('li') ?? [])].some((line) => !line.querySelector('a'));
  const state = { current: all[0], changing: false, nearbyAsked: false, nearbySeen: null };
  const nearbyBox = nearby.querySelector('div');
  const captureId = () => form.elements.capture_id.value;

  function show(name, { focus = true } = {}) {
    state.current = name;
    if (name === CHECK) state.changing = false;
    if (name === NEARBY) state.nearbySeen = nearbyBox.dataset.place;
    sections.forEach((section, key) => (section.hidden = key !== name));
    next.hidden = name === CHECK;
    end.hidden = name !== CHECK;
    const section = sections.get(name);
    next.querySelector('button').textContent = section.dataset.next ?? 'Continue';
    if (summary) summary.hidden = !isAllRefused && !section.querySelector(SERVER_ERROR);
    const heading = section.querySelector('h2');
    bar.say(stepWords(all, name));
    document.title = `${heading.textContent.trim()} – ${pageTitle}`;
    form.dispatchEvent(new CustomEvent('wardbook:screen', { detail: name }));
    // Only now, because leaving a screen may leave out an answer that was refused there.
    if (name === CHECK) fillCheck(check.querySelector('dl'), state.nearbyAsked ? [...own, nearby] : own);
    markTitle(isAllRefused || hasError(section));
    if (!focus) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  function go(name) {
    if (name === state.current) return;
    history.pushState({ wardbook: name, from: state.current, changing: state.changing, capture: captureId() }, '', `#${name}`);
    show(name);
  }

  async function goOn() {
    const button = next.firstElementChild;
    if (isBusy(button)) return;
    if (missingIn(sections.get(state.current))) return;
    const leaving = state.current;
    const wanted = screenAfter(all, leaving, { changing: state.changing, nearbyAsked: true });
    if (wanted === NEARBY) {
      setBusy(button, true);
      state.nearbyAsked = await askNearby(nearbyBox);
      setBusy(button, false);
    }
    if (state.current !== leaving) return;
    // Somebody who changed one answer is not asked again what they have already said about the same place.
    const isSaid = state.changing && state.nearbySeen === nearbyBox.dataset.place;
    go(isSaid ? CHECK : screenAfter(all, leaving, state));
  }

  function goBack() {
    const previous = screenBefore(all, state.current, state);
    if (history.state?.from === previous || state.changing) history.back();
    else if (previous) go(previous);
  }

  function openField(id) {
    const field = id && document.getElementById(id);
    const section = field?.closest('[data-step]');
    if (!section) return;
    go(section.dataset.step);
    // A file input is hidden behind the button that opens it.
    const target = field.hidden ? groupOf(field).querySelector('button') : field;
    target.focus();
    target.scrollIntoView({ block: 'center' });
  }

  next.querySelector('button').addEventListener('click', goOn);
  bar.back.addEventListener('click', (event) => {
    if (!screenBefore(all, state.current, state) && !state.changing) return;
    event.preventDefault();
    goBack();
  });
  check.addEventListener('click', (event) => {
    const link = event.target.closest('[data-change]');
    if (!link) return;
    event.preventDefault();
    state.changing = true;
    go(link.dataset.change);
    openField(link.dataset.field);
  });
  summary?.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    openField(link.hash.slice(1));
  });
  // Enter in a text box would send the whole form; before the check it means "continue".
  form.addEventListener('submit', (event) => {
    if (state.current === CHECK) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    goOn();
  });
  window.addEventListener('popstate', (event) => {
    const name = event.state?.wardbook ?? screenFromHash(all, location.hash);
    if (!name) return;
    state.changing = Boolean(event.state?.changing);
    show(name);
  });

  async function start() {
    const wrong = form.querySelector(`[data-step] ${SERVER_ERROR}`)?.closest('[data-step]');
    const wanted = wrong?.dataset.step ?? (isAllRefused ? CHECK : null) ?? screenFromHash(all, location.hash) ?? all[0];
    if (wanted === NEARBY || wanted === CHECK) state.nearbyAsked = await askNearby(nearbyBox);
    const first = wanted === NEARBY && !state.nearbyAsked ? CHECK : wanted;
    const before = history.state?.wardbook === first ? history.state : { wardbook: first };
    history.replaceState({ ...before, capture: captureId() }, '', location.hash || first !== all[0] ? `#${first}` : location.href);
    form.classList.add('is-ready');
    show(first, { focus: false });
  }
  return { start };
}

/** The line above the heading: Back, and which step of how many, beside the page's own title. */
function stepBar(form) {
  const title = document.querySelector('main h1');
  const bar = fragment(BAR_MARKUP);
  const count = document.createElement('span');
  form.before(bar);
  if (title) {
    bar.append(title);
    title.append(count);
  }
  const back = bar.querySelector('a');
  // From the first screen the link leaves the form; what was filled in stays kept.
  back.href = form.dataset.backUrl ?? '/';
  return {
    back,
    say(step) {
      count.textContent = step && `: ${step}`;
    },
  };
}
