// Where is it? The phone's position is offered, never taken; postcode, grid reference, a photo or words alone stand
// open beside it, and a map can be opened to set the pin. Whatever was used fills the form's own fields and is said back
// in words. No answer from the server or the satellites ever blocks the way on.
import { SERVER_ERROR, fragment, groupOf, icon, tell } from './dom.js';
import { askPlace, placeWords } from './places.js';
import { ageWords, bestFix } from './position.js';

const ROUGH_M = 50;
const DENIED = 'This phone did not share its position. Give the place another way below.';
const NO_FIX = 'This phone could not find its position. Give the place another way below.';
const NO_PLACE_IN_PHOTO = 'That photo does not say where it was taken. Give the place another way.';
const WORDS_ONLY = 'Only your words will be sent. Say exactly where it is, so that the crew can find it.';
const NOT_LOOKED_UP = 'The ward could not be looked up just now. Your place is used all the same.';

const PANEL = () => `
  <div class="wb-place">
    <div class="wb-note wb-place__answer" data-check-row="Place" hidden>
      ${icon('target')}<div><strong></strong><span></span></div>
    </div>
    <p class="wb-quiet wb-place__age" hidden></p>
    <p class="govuk-error-message" data-local role="alert" hidden></p>
    <p class="govuk-visually-hidden" role="status"></p>
    <button type="button" class="govuk-button wb-button-icon" data-way="gps">
      ${icon('target')}<span>Use this phone’s position</span>
    </button>
    <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-way="map" aria-expanded="false">
      ${icon('map')}<span>Show the map</span>
    </button>
    <div data-map hidden></div>
    <h3>Not there now? Give the place another way</h3>
    <div class="wb-button-pair">
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="postcode">${icon('post-box')}Postcode</button>
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="grid_reference">${icon('grid')}Grid reference</button>
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="photo">${icon('photo')}Place in a photo</button>
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="words">${icon('pencil')}Words only</button>
    </div>
  </div>`;

function metres(accuracy) {
  return accuracy >= 1000 ? `${(accuracy / 1000).toFixed(1)}\u00a0km` : `${Math.max(1, Math.round(accuracy))}\u00a0m`;
}

/** Takes over the section `where`. Gives what the photo question needs. */
export function placePanel(form, photos) {
  const section = form.querySelector('[data-step="where"]');
  const field = (name) => form.elements[name];
  if (!section || !field('latitude')) return { given: () => null, isWaitingForPhoto: () => false, takeFromPhoto() {}, leavePhoto() {} };
  const panel = fragment(PANEL());
  section.querySelector('h2').after(panel);
  const answer = panel.querySelector('.wb-place__answer');
  const [title, detail] = answer.querySelectorAll('strong, span');
  const age = panel.querySelector('.wb-place__age');
  const problem = panel.querySelector('.govuk-error-message');
  const aloud = panel.querySelector('[role="status"]');
  const mapBox = panel.querySelector('[data-map]');
  const way = (name) => panel.querySelector(`[data-way="${name}"]`);
  const placesUrl = form.dataset.placesUrl ?? '/places';
  let asked = 0;
  let fixedAt = null;
  let map = null;
  let waitingForPhoto = false;
  let watching = null;
  let beforePhoto = null;

  function given() {
    const [latitude, longitude] = [field('latitude').value, field('longitude').value];
    if (!latitude || !longitude || !Number.isFinite(+latitude) || !Number.isFinite(+longitude)) return null;
    return { latitude: +latitude, longitude: +longitude, accuracy_m: +field('accuracy_m').value || null };
  }

  function complain(words) {
    problem.hidden = !words;
    problem.textContent = words;
  }

  function headline(source, accuracy) {
    const good = accuracy ? `, good to about ${metres(accuracy)}` : '';
    const named = {
      gps: 'This phone’s position',
      map: 'The pin you set',
      photo: 'The place stored in your photo',
      postcode: `Postcode ${field('postcode')?.value.trim().toUpperCase() ?? ''}`,
      grid: `Grid reference ${field('grid_reference')?.value.trim().toUpperCase() ?? ''}`,
    };
    return `${named[source] ?? 'The place you gave'}${good}`;
  }

  function showAge() {
    age.hidden = !fixedAt;
    if (fixedAt) age.textContent = `Position found ${ageWords(Date.now() - fixedAt)}.`;
  }

  function describe(found) {
    const place = given();
    answer.hidden = !place;
    if (!place) return;
    way('gps')?.classList.toggle('govuk-button--secondary', Boolean(place));
    const rough = place.accuracy_m > ROUGH_M && field('location_source').value === 'gps';
    answer.classList.toggle('wb-note--soon', rough);
    title.textContent = headline(field('location_source').value, place.accuracy_m);
    const warning = rough ? 'That is rough: move the pin on the map, or say in words where it is.' : '';
    detail.textContent = `${found} ${warning}`.trim();
    if (found) aloud.textContent = `${title.textContent}. ${detail.textContent}`;
  }

  async function lookUp() {
    const place = given();
    const turn = (asked += 1);
    describe('');
    if (!place) return;
    const { answer: found } = await askPlace(placesUrl, { latitude: place.latitude, longitude: place.longitude });
    if (turn === asked) describe(found ? placeWords(found) : NOT_LOOKED_UP);
  }

  function fill({ latitude, longitude, accuracy_m: accuracy = null }, source) {
    field('latitude').value = latitude.toFixed(6);
    field('longitude').value = longitude.toFixed(6);
    field('accuracy_m').value = accuracy ? Math.ceil(accuracy) : '';
    field('location_source').value = source;
    if (source !== 'gps') stopWatching();
    complain('');
    showAge();
    map?.moveTo(given());
    tell(form, 'wardbook:changed');
  }

  function clear(source) {
    asked += 1;
    for (const name of ['latitude', 'longitude', 'accuracy_m']) field(name).value = '';
    field('location_source').value = source;
    stopWatching();
    showAge();
    describe('');
    tell(form, 'wardbook:changed');
  }

  /** A fix that is still being made better must not write over a place given since in another way. */
  function stopWatching() {
    watching?.abort();
    fixedAt = null;
  }

  async function useGps() {
    const button = way('gps');
    complain('');
    button.disabled = true;
    button.lastElementChild.textContent = 'Finding your position…';
    watching = new AbortController();
    const use = (fix) => {
      fixedAt = fix.fixed_at;
      fill(fix, 'gps');
      describe('');
    };
    try {
      await bestFix(navigator.geolocation, { onBetter: use, signal: watching.signal });
      await lookUp();
    } catch (error) {
      if (error.message !== 'stopped') complain(error.message === 'denied' ? DENIED : NO_FIX);
    }
    button.disabled = false;
    button.lastElementChild.textContent = 'Find it again';
  }

  async function toggleMap() {
    const button = way('map');
    const opens = mapBox.hidden;
    mapBox.hidden = !opens;
    button.setAttribute('aria-expanded', opens);
    button.lastElementChild.textContent = opens ? 'Hide the map' : 'Show the map';
    if (!opens || map) return;
    button.disabled = true;
    try {
      const { openPickerMap } = await import('./picker-map.js');
      map = await openPickerMap(mapBox, { ...form.dataset, place: given(), onPin });
    } catch {
      mapBox.hidden = true;
      complain('The map could not be opened. Give the place another way below.');
    }
    button.disabled = false;
  }

  let pause = null;
  function onPin(place) {
    fill(place, 'map');
    describe('');
    clearTimeout(pause);
    pause = setTimeout(lookUp, 500);
  }

  /** The postcode or grid reference box: shown by its button, with a button of its own to look it up. */
  function typedWay(name, source) {
    const input = field(name);
    const button = way(name);
    if (!input) return button.remove();
    const group = groupOf(input);
    const row = fragment('<div class="wb-find"></div>');
    const find = fragment('<button type="button" class="govuk-button">Find it</button>');
    panel.append(group);
    const wrong = fragment('<p class="govuk-error-message" data-local role="alert" hidden></p>');
    input.before(wrong, row);
    row.append(input, find);
    group.hidden = !input.value && !group.querySelector(SERVER_ERROR);
    group.dataset.check = 'skip';
    button.setAttribute('aria-expanded', !group.hidden);
    let lookedUp = input.value;

    async function look() {
      const typed = input.value.trim();
      if (!typed) return;
      lookedUp = typed;
      const turn = (asked += 1);
      find.disabled = true;
      const { answer: found, refusal } = await askPlace(placesUrl, { [name]: typed });
      find.disabled = false;
      if (turn !== asked) return;
      wrong.hidden = Boolean(found);
      wrong.textContent = refusal ?? 'That could not be looked up just now. It is sent as you typed it.';
      if (!found) return;
      fill(found, source);
      describe(placeWords(found));
    }
    find.addEventListener('click', look);
    input.addEventListener('change', () => input.value.trim() !== lookedUp && look());
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      look();
    });
    button.addEventListener('click', () => {
      group.hidden = !group.hidden;
      button.setAttribute('aria-expanded', !group.hidden);
      if (!group.hidden) input.focus();
    });
  }

  typedWay('postcode', 'postcode');
  typedWay('grid_reference', 'grid');
  const numbers = field('latitude').closest('details');
  if (numbers) numbers.hidden = !numbers.querySelector(SERVER_ERROR);
  if (navigator.geolocation) way('gps').addEventListener('click', useGps);
  else way('gps').remove();
  way('map').addEventListener('click', toggleMap);
  way('photo').addEventListener('click', () => {
    waitingForPhoto = true;
    photos.pick();
  });
  way('words').addEventListener('click', () => {
    clear('typed');
    complain('');
    aloud.textContent = WORDS_ONLY;
    field('place_text')?.focus();
  });
  setInterval(showAge, 10_000);
  if (given()) lookUp();

  return {
    given,
    isWaitingForPhoto: () => waitingForPhoto,
    takeFromPhoto(place) {
      waitingForPhoto = false;
      if (!place) return complain(NO_PLACE_IN_PHOTO);
      beforePhoto = given() && { ...given(), source: field('location_source').value };
      fill(place, 'photo');
      lookUp();
    },
    /** Goes back to the place given before the photo's was taken. */
    leavePhoto() {
      if (field('location_source').value !== 'photo') return;
      if (!beforePhoto) return clear('');
      fill(beforePhoto, beforePhoto.source);
      lookUp();
    },
  };
}
