// What belongs to the walk as a whole: its begin and end, who is here, the recorded track, and its other questions, each
// behind its own heading.
import { fragment, icon } from './dom.js';
import { pointsOf, spelled } from './whereabouts.js';

const RESIDENTS = ['resident', 'resident_association', 'pact_member'];
const DAY_MINUTES = 24 * 60;
const two = (number) => `${number}`.padStart(2, '0');

function minutesOf(time) {
  const [hours, minutes] = time.split(/[:.]/).map(Number);
  return hours * 60 + (minutes || 0);
}

/** The end to write down at this time. A walk of less than a minute ends in the next one, which may be tomorrow's first. */
export function endOf(began, now) {
  if (minutesOf(now) !== minutesOf(began)) return now;
  const next = (minutesOf(now) + 1) % DAY_MINUTES;
  return `${two(Math.floor(next / 60))}:${two(next % 60)}`;
}

/** How many minutes a walk took: an end that is earlier by the clock is on the next day. */
export const minutesBetween = (began, ended) => (minutesOf(ended) - minutesOf(began) + DAY_MINUTES) % DAY_MINUTES;

export function walkRest(page, form, { where, keep, count }) {
  const part = (name) => page.querySelector(`[data-walk="${name}"]`);
  const field = (name) => form.elements[name];
  const changed = () => form.dispatchEvent(new Event('change', { bubbles: true }));

  /** The heading of each section opens and shuts it. */
  function accordion() {
    for (const section of part('tab-more').querySelectorAll('[data-eva]')) {
      const heading = section.querySelector('h2');
      const body = document.createElement('div');
      body.hidden = true;
      body.append(...[...section.children].slice(1));
      section.append(body);
      const button = fragment(`<button type="button" class="wb-walk__section" aria-expanded="false"><span></span>${icon('arrow-down')}</button>`);
      button.firstElementChild.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener('click', () => {
        body.hidden = !body.hidden;
        button.setAttribute('aria-expanded', !body.hidden);
      });
    }
  }

  function nowTime() {
    const now = new Date();
    return `${two(now.getHours())}:${two(now.getMinutes())}`;
  }

  function begin() {
    const now = new Date();
    field('held_on-day').value = now.getDate();
    field('held_on-month').value = now.getMonth() + 1;
    field('held_on-year').value = now.getFullYear();
    field('began_at').value = nowTime();
    where.start();
    changed();
    keep();
    // The button that was pressed goes away: what comes next is at the thumb.
    part('add').focus({ preventScroll: true });
  }

  function end() {
    field('ended_at').value = endOf(field('began_at').value, nowTime());
    where.stop();
    settle();
    part('end-box').querySelector('h2').focus();
    changed();
    keep();
  }

  function startedAt() {
    if (!field('began_at').value) return null;
    const minutes = minutesOf(field('began_at').value);
    const parts = ['year', 'month', 'day'].map((name) => Number(field(`held_on-${name}`).value));
    return Number.isFinite(minutes) && parts.every(Boolean) ? new Date(parts[0], parts[1] - 1, parts[2], 0, minutes) : null;
  }

  function minutesWalked() {
    const [began, ended] = [field('began_at').value, field('ended_at').value];
    if (ended) return minutesBetween(began, ended) || 0;
    const started = startedAt();
    return started ? Math.max(0, Math.floor((new Date() - started) / 60_000)) : 0;
  }

  const rowsOf = (name) => [...form.querySelectorAll(`[name="people-${name}"]`)].map((control) => control.value);

  function here() {
    const types = rowsOf('type');
    const presences = rowsOf('presence');
    return types.filter((type, index) => type && presences[index] !== 'invited' && presences[index] !== 'sent_apologies');
  }

  function sayWhoIsMissing() {
    const types = here();
    const hasResident = types.some((type) => RESIDENTS.includes(type));
    const hasBusiness = types.includes('business');
    const warning = part('people-warning');
    const key = hasResident && hasBusiness ? '' : hasResident ? 'business' : hasBusiness ? 'resident' : 'both';
    warning.hidden = !key;
    if (key) warning.querySelector('p').textContent = warning.dataset[key];
  }

  function trackWords() {
    const { length } = where.track();
    if (length) return `${length} ${length === 1 ? 'point' : 'points'} on this phone, not sent.`;
    return where.isTracking() ? 'On. The first point comes with the next position.' : 'Off. It stays on this phone until you send it.';
  }

  function settle() {
    const hasBegun = Boolean(field('began_at').value);
    const hasEnded = Boolean(field('ended_at').value);
    part('begin').hidden = hasBegun;
    part('end').hidden = !hasBegun || hasEnded;
    part('again').hidden = !hasEnded;
    part('end-box').hidden = !hasEnded;
    part('nothing-seen').hidden = count() > 0 || field('found_nothing').checked;
    part('send-track').hidden = !where.track().length;
    part('track-on').hidden = hasEnded;
    // Another phone or tab may have said that the walk is over.
    if (hasEnded && where.isTracking()) where.stop();
    part('track-on').setAttribute('aria-pressed', where.isTracking());
    part('track-on').querySelector('span').textContent = where.isTracking() ? 'Stop recording the way' : 'Record the way we go';
    part('track-words').textContent = trackWords();
    sayWhoIsMissing();
  }

  accordion();
  where.onFix(() => (part('track-words').textContent = trackWords()));
  part('begin').addEventListener('click', begin);
  part('end').addEventListener('click', end);
  part('again').addEventListener('click', () => {
    field('ended_at').value = '';
    where.start();
    settle();
    part('end').focus();
    changed();
    keep();
  });
  part('track-on').addEventListener('click', async () => {
    await where.record(!where.isTracking());
    settle();
  });
  part('send-track').querySelector('button').addEventListener('click', async () => {
    field('track').value = spelled(where.track());
    changed();
    // What this phone could not keep is sent by a second press.
    if (await keep()) await where.forget();
    settle();
  });
  part('nothing-seen').querySelector('button').addEventListener('click', () => {
    field('found_nothing').checked = true;
    settle();
    changed();
    keep();
  });

  return {
    settle,
    hasBegun: () => Boolean(field('began_at').value) && !field('ended_at').value,
    hereCount: () => here().length,
    /** "0:42" */
    duration() {
      const minutes = minutesWalked();
      return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
    },
    /** The drawn route, as far as its points are latitude and longitude. */
    route: () => pointsOf(field('route_points').value),
  };
}
