// What belongs to the walk as a whole: its begin and end, who is here, the recorded track, and its other questions, each
// behind its own heading.
import { fragment, icon } from './dom.js';
import { spelled } from './whereabouts.js';

const RESIDENTS = ['resident', 'resident_association', 'pact_member'];
const two = (number) => `${number}`.padStart(2, '0');

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
    const time = nowTime();
    // A walk of less than a minute ends in the next one: it cannot end before it began.
    field('ended_at').value = time > field('began_at').value ? time : nextMinute(time);
    part('end-box').hidden = false;
    part('nothing-seen').hidden = count() > 0;
    part('send-track').hidden = !where.track().length;
    part('end-box').querySelector('h2').focus();
    changed();
    keep();
  }

  function nextMinute(time) {
    const [hours, minutes] = time.split(':').map(Number);
    const total = Math.min(hours * 60 + minutes + 1, 24 * 60 - 1);
    return `${two(Math.floor(total / 60))}:${two(total % 60)}`;
  }

  function startedAt() {
    if (!field('began_at').value) return null;
    const [hours, minutes] = field('began_at').value.split(/[:.]/).map(Number);
    const parts = ['year', 'month', 'day'].map((name) => Number(field(`held_on-${name}`).value));
    return Number.isFinite(hours) && parts.every(Boolean) ? new Date(parts[0], parts[1] - 1, parts[2], hours, minutes || 0) : null;
  }

  function endedAt() {
    const started = startedAt();
    const [hours, minutes] = field('ended_at').value.split(/[:.]/).map(Number);
    return started && field('ended_at').value && Number.isFinite(hours)
      ? new Date(started.getFullYear(), started.getMonth(), started.getDate(), hours, minutes || 0)
      : null;
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
    part('end-box').hidden = true;
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
    await keep();
    await where.forget();
    part('send-track').hidden = true;
    settle();
  });
  part('nothing-seen').querySelector('button').addEventListener('click', () => {
    field('found_nothing').checked = true;
    part('nothing-seen').hidden = true;
    changed();
    keep();
  });

  return {
    settle,
    hasBegun: () => Boolean(field('began_at').value) && !field('ended_at').value,
    hereCount: () => here().length,
    /** "0:42" */
    duration() {
      const started = startedAt();
      const minutes = started ? Math.max(0, Math.floor(((endedAt() ?? new Date()) - started) / 60_000)) : 0;
      return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
    },
    /** The drawn route, as far as its points are latitude and longitude. */
    route: () =>
      field('route_points').value.split('\n').map((line) => line.trim().split(/[\s,;]+/).map(Number))
        .filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
        .map(([latitude, longitude]) => ({ latitude, longitude })),
  };
}
