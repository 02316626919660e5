// Where is it? The phone's position is offered, never taken; postcode, grid reference, a photo or words alone stand
// open beside it, and a map can be opened to set the pin. Whatever was used fills the form's own fields and is said back
// in words. No answer from the server or the satellites ever blocks the way on.
import { SERVER_ERROR, fragment, isBusy, setBusy, tell } from './dom.js';
import { hasError, markTitle } from './local-error.js';
import { PANEL } from './place-panel.js';
import { givenWords, placeWords } from './place-words.js';
import { askPlace } from './places.js';
import { ageWords, bestFix } from './position.js';
import { typedPlace } from './typed-place.js';

const ROUGH_M = 50;
const DENIED = 'This phone did not share its position. Give the place another way below.';
const NO_FIX = 'This phone could not find its position. Give the place another way below.';
const NO_PLACE_IN_PHOTO = 'That photo does not say where it was taken. Give the place another way.';
const WORDS_ONLY = 'Only your words will be sent. Say exactly where it is, so that the crew can find it.';
const NOT_LOOKED_UP = 'The ward could not be looked up just now. Your place is used all the same.';
const SENT_AS_TYPED = 'That could not be looked up just now. It is sent as you typed it.';
const NO_MAP = 'The map could not be opened. Give the place another way below.';
const CODES = { postcode: 'postcode', grid: 'grid_reference' };

/** Takes over the section `where`. Gives what the photo question needs. */
export function placePanel(form, photos) {
  const section = form.querySelector('[data-step="where"]');
  const field = (name) => form.elements[name];
  if (!section || !field('latitude')) return null;
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
  const codes = {};
  let used = {};
  let asked = 0;
  let fixedAt = null;
  let map = null;
  let mapIsUnwanted = false;
  let waitingForPhoto = false;
  let watching = null;
  let known = '';

  function takeTurn() {
    const mine = (asked += 1);
    return () => mine === asked;
  }

  function given() {
    const [latitude, longitude] = [field('latitude').value, field('longitude').value];
    if (!latitude || !longitude || !Number.isFinite(+latitude) || !Number.isFinite(+longitude)) return null;
    return { latitude: +latitude, longitude: +longitude, accuracy_m: +field('accuracy_m').value || null };
  }

  function complain(words) {
    problem.hidden = !words;
    problem.textContent = words;
    if (!section.hidden) markTitle(hasError(section));
  }

  function headline(place) {
    if (!place && !used.text) return 'Words only';
    const name = givenWords(used, place?.accuracy_m);
    const isStill = Object.values(codes).some((code) => code.isRefused());
    return isStill ? `Still using ${name[0].toLowerCase()}${name.slice(1)}` : name;
  }

  function showAge() {
    age.hidden = !fixedAt;
    if (fixedAt) age.textContent = `Position found ${ageWords(Date.now() - fixedAt)}.`;
  }

  /** Says back what will be sent: the place and what is known of it, a code nobody looked up, or words alone. */
  function describe(found = known) {
    known = found;
    const place = given();
    const isWords = !place && used.source === 'typed';
    answer.hidden = !place && !isWords && !used.text;
    panel.classList.toggle('is-known', Boolean(place));
    way('gps')?.classList.toggle('govuk-button--secondary', Boolean(place));
    if (answer.hidden) return;
    const rough = place?.accuracy_m > ROUGH_M && used.source === 'gps';
    answer.classList.toggle('wb-note--soon', rough || !place);
    title.textContent = headline(place);
    const warning = rough ? 'That is rough: move the pin on the map, or say in words where it is.' : '';
    detail.textContent = `${isWords ? WORDS_ONLY : found} ${warning}`.trim();
    if (detail.textContent) aloud.textContent = `${title.textContent}. ${detail.textContent}`;
  }

  async function lookUp() {
    const place = given();
    const isNewest = takeTurn();
    if (!place) return;
    const { answer } = await askPlace(placesUrl, { latitude: place.latitude, longitude: place.longitude });
    const found = answer ?? (await onPhone(place));
    if (isNewest()) describe(found ? placeWords(found) : NOT_LOOKED_UP);
  }

  /** What this phone itself knows of a place, without a connection. */
  const onPhone = (place) =>
    import('./packs.js').then(({ wardOnPhone }) => wardOnPhone(form.dataset.pack ?? form.dataset.kind, place)).catch(() => null);

  /** Only one way is sent: the server would take an old postcode for the place of a new pin. */
  function use(source, text = '') {
    used = { source, text };
    field('location_source').value = source;
    for (const [own, code] of Object.entries(codes)) if (own !== source) code.clear();
    if (source !== 'gps') stopWatching();
    complain('');
    showAge();
    map?.moveTo(given());
  }

  function fill({ latitude, longitude, accuracy_m: accuracy = null }, source, text) {
    field('latitude').value = latitude.toFixed(6);
    field('longitude').value = longitude.toFixed(6);
    field('accuracy_m').value = accuracy ? Math.ceil(accuracy) : '';
    use(source, text);
    tell(form, 'wardbook:changed');
  }

  function clear(source, text) {
    asked += 1;
    for (const name of ['latitude', 'longitude', 'accuracy_m']) field(name).value = '';
    use(source, text);
    // The server would take a photo's place where nothing else is given.
    if (field('photo_place')) field('photo_place').checked = false;
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
    if (isBusy(button)) return;
    complain('');
    setBusy(button, true);
    button.lastElementChild.textContent = 'Finding your position…';
    watching = new AbortController();
    const take = (fix) => {
      fixedAt = fix.fixed_at;
      fill(fix, 'gps');
      describe('');
    };
    try {
      await bestFix(navigator.geolocation, { onBetter: take, signal: watching.signal });
      offerMap();
      await lookUp();
    } catch (error) {
      if (error.message !== 'stopped') complain(error.message === 'denied' ? DENIED : NO_FIX);
    }
    setBusy(button, false);
    button.lastElementChild.textContent = 'Find again';
  }

  function showMap(isShown) {
    mapBox.hidden = !isShown;
    way('map').setAttribute('aria-expanded', isShown);
    way('map').lastElementChild.textContent = isShown ? 'Hide the map' : 'Show the map';
  }

  async function openMap() {
    showMap(true);
    if (map || isBusy(way('map'))) return;
    setBusy(way('map'), true);
    try {
      const { openPickerMap } = await import('./picker-map.js');
      map = await openPickerMap(mapBox, { ...form.dataset, place: given(), onPin });
      map.moveTo(given());
    } finally {
      setBusy(way('map'), false);
      if (!map) showMap(false);
    }
  }

  async function toggleMap() {
    if (isBusy(way('map'))) return;
    mapIsUnwanted = !mapBox.hidden;
    if (mapIsUnwanted) return showMap(false);
    await openMap().catch(() => complain(NO_MAP));
    // It stands above its button, where it may be out of sight.
    mapBox.scrollIntoView({ block: 'nearest' });
  }

  /** A known place is shown on the map unasked, but not to who saves data or put the map away; without it nothing is lost. */
  function offerMap() {
    if (!given() || mapIsUnwanted || section.hidden || navigator.connection?.saveData) return;
    openMap().catch(() => {});
  }

  let pause = null;
  function onPin(place, moved) {
    fill(place, 'map');
    describe(moved);
    clearTimeout(pause);
    pause = setTimeout(lookUp, 500);
  }

  function typedWay(source, name) {
    if (!field(name)) return way(name).remove();
    codes[source] = typedPlace(field(name), way(name), {
      placesUrl,
      takeTurn,
      onFound(found, text) {
        fill(found, source, text);
        describe(placeWords(found));
        offerMap();
      },
      onUnknown(text) {
        clear(source, text);
        describe(SENT_AS_TYPED);
      },
      onRefused() {
        // The point stays; sent as a postcode, the refused one would be taken for it.
        if (used.source === source && given()) field('location_source').value = 'typed';
        describe();
        if (section.hidden) leaveOutRefused();
      },
      onEmptied() {
        if (used.source === source) clear('');
        else describe();
      },
    });
    panel.append(codes[source].group);
  }

  /** Takes the place that the form holds already, from its page or a draft. */
  function restore() {
    const source = field('location_source').value;
    used = { source, text: field(CODES[source])?.value.trim() ?? '' };
    map?.moveTo(given());
    describe('');
    lookUp();
  }

  function leaveOutRefused() {
    const refused = Object.entries(codes).filter(([, code]) => code.isRefused());
    if (!refused.length) return;
    for (const [source, code] of refused) code.set(used.source === source ? used.text : '');
    field('location_source').value = used.source;
    describe();
    tell(form, 'wardbook:changed');
  }

  for (const [source, name] of Object.entries(CODES)) typedWay(source, name);
  const numbers = field('latitude').closest('details');
  if (numbers) numbers.hidden = !numbers.querySelector(SERVER_ERROR);
  if (navigator.geolocation) way('gps').addEventListener('click', useGps);
  else way('gps').remove();
  way('map').addEventListener('click', toggleMap);
  way('photo').addEventListener('click', () => photos.pick({ isForPlace: true }));
  way('words').addEventListener('click', () => {
    clear('typed');
    field('place_text')?.focus();
  });
  panel.addEventListener('click', ({ target }) => {
    const pressed = target.closest('[data-way]');
    if (pressed) waitingForPhoto = pressed.dataset.way === 'photo';
  });
  form.addEventListener('wardbook:screen', ({ detail: screen }) => {
    if (screen === section.dataset.step) offerMap();
    else leaveOutRefused();
  });
  setInterval(showAge, 10_000);
  restore();

  return {
    given,
    restore,
    isWaitingForPhoto: () => waitingForPhoto,
    /** Forgets what was given, for the next thing that is seen. */
    reset() {
      clear('');
      for (const code of Object.values(codes)) code.set('');
      showMap(false);
    },
    /** What `goBackTo` needs to give this place again. */
    kept: () => given() && { ...given(), ...used },
    takeFromPhoto(place) {
      if (!place) return complain(NO_PLACE_IN_PHOTO);
      waitingForPhoto = false;
      fill(place, 'photo');
      describe('');
      lookUp();
      offerMap();
    },
    /** Gives the place from before the photo's was taken, unless another was given since. */
    goBackTo(before) {
      if (used.source !== 'photo') return;
      if (!before) return clear('');
      fill(before, before.source, before.text);
      codes[before.source]?.set(before.text);
      describe('');
      lookUp();
    },
  };
}
