// One observation, on one screen, in four taps: photo, what it is, how bad, save. It is kept as it is filled in; what was
// begun and not saved waits as a draft of its walk.
import { begin, holdLock, keepDraft, releaseLock, restoreDraft } from './draft.js';
import { hasAnswers } from './answers.js';
import { cameraBox } from './camera-box.js';
import { categoryTiles } from './category-tiles.js';
import { fragment, icon, isBusy, setBusy } from './dom.js';
import { sayWrong } from './local-error.js';
import { putBack, reopen } from './outbox.js';
import { wardOnPhone } from './packs.js';
import { photoPicker } from './photos.js';
import { placeFix } from './place-fix.js';
import { placePanel } from './place.js';
import { captureWith, changeCapture, forgetCapture } from './store.js';
import { answer } from './walk-lines.js';

const COPIED = ['category', 'grade', 'severity', 'owner_agency'];
const OF_THE_CAPTURE = ['capture_id', 'capture_secret', 'captured_at', 'latitude', 'longitude', 'accuracy_m', 'location_source', 'number'];
const ROUGH_M = 100;
// Whoever goes on with what they began is still there; later this phone may be anywhere.
const STILL_THERE_MS = 600_000;
const NOT_KEPT = 'This phone cannot keep it. Free some space, then save again. Leave this page open.';
const LOST_IF_LEFT = `${NOT_KEPT} Going back once more throws it away.`;

/** `onOpened` hears that the screen is shown, `onClosed` the id of what was saved, or null; `onStays` that it was not left,
 * because it would be lost. */
export async function observationScreen(form, { owner, walkId, where, onOpened, onClosed, onStays }) {
  const field = (name) => form.elements[name];
  const photos = photoPicker(form);
  const camera = await cameraBox(form, photos);
  const tiles = await categoryTiles(form);
  const title = form.querySelector('[data-title]');
  const save = form.querySelector('[data-save]');
  const close = form.querySelector('[data-close]');
  const problem = form.querySelector('[data-problem]');
  const kept = form.querySelector('[data-kept]');
  const more = form.querySelector('.wb-ob__more');
  const away = form.querySelector('[data-away]');
  const ways = [save, close, away];
  const line = fragment(`<div class="wb-ob__where">${icon('target')}<p><strong></strong> <span></span><br><span></span></p><button type="button" class="wb-button-link">Change</button></div>`);
  more.before(line);
  let place = null;
  let best = null;
  let begunAt = null;
  let isOwnPlace = false;
  let isWarned = false;
  let stopFixes = () => {};
  const keeping = keepDraft(form, photos, owner, (state) => {
    kept.hidden = state !== 'kept';
    if (state === 'failed') say(NOT_KEPT);
  });

  function say(words) {
    problem.hidden = !words;
    problem.textContent = words;
  }

  function reset() {
    keeping.stop();
    form.reset();
    for (const name of OF_THE_CAPTURE) field(name).value = '';
    photos.clear();
    place?.reset();
    keeping.stop();
    ways.forEach((button) => setBusy(button, false));
    more.open = false;
    kept.hidden = true;
    best = null;
    begunAt = null;
    isOwnPlace = false;
    isWarned = false;
    say('');
    form.querySelectorAll('[data-local-error]').forEach((message) => message.remove());
    form.querySelectorAll('[aria-invalid="true"]').forEach((control) => sayWrong(control, ''));
  }

  const isBegun = () => hasAnswers(form) || photos.count() > 0;

  /** Its place is where its person stood when they took the photo or said what it is, however far they walk on. */
  function noteBegun() {
    begunAt = isBegun() ? (begunAt ?? Date.now()) : null;
  }

  /** The place by itself, unless its person gave another. */
  function hear(fix) {
    if (isOwnPlace) return;
    best = placeFix(best, fix, begunAt);
    showPlace();
  }

  function takeFix() {
    if (isOwnPlace) return;
    field('location_source').value = best ? 'gps' : '';
    field('latitude').value = best ? best.latitude.toFixed(6) : '';
    field('longitude').value = best ? best.longitude.toFixed(6) : '';
    field('accuracy_m').value = best ? Math.ceil(best.accuracy_m) : '';
  }

  async function showPlace() {
    const [strong, ward, owned] = line.querySelectorAll('strong, span');
    const usual = field('owner_agency').selectedOptions[0]?.value
      ? field('owner_agency').selectedOptions[0].textContent
      : (tiles.chosen()?.dataset.owner ?? '');
    owned.textContent = usual ? `For ${usual}` : '';
    const given = isOwnPlace && field('latitude').value
      ? { latitude: +field('latitude').value, longitude: +field('longitude').value }
      : isOwnPlace ? null : best;
    const inWords = field('place_text').value.trim();
    const isRough = !isOwnPlace && best?.accuracy_m > ROUGH_M;
    line.classList.toggle('is-unknown', (!given || isRough) && !inWords);
    strong.textContent = placeWords(given, inWords);
    const found = given && (await wardOnPhone('eva', given).catch(() => null));
    const hint = given && !isRough ? '' : inWords ? `“${inWords}”` : given ? 'That is rough: say in words where it is.' : 'It is saved all the same. Say in words where it is.';
    ward.textContent = [found?.ward, hint].filter(Boolean).join('. ');
  }

  function placeWords(given, inWords) {
    const within = (metres) => (metres ? `ithin ${Math.ceil(metres)} m.` : '');
    if (!isOwnPlace) return best ? `W${within(best.accuracy_m)}` : inWords ? 'In your words.' : 'No position yet.';
    if (!given) return inWords ? 'In your words.' : 'No position.';
    return field('location_source').value === 'gps' ? `Where you stood, w${within(+field('accuracy_m').value)}` : 'The place you gave.';
  }

  /** The ways to give another place. That of a photo is none of them: the form itself asks whether to use it. */
  function wherePanel() {
    if (place) return;
    place = placePanel(form, photos);
    form.querySelector('[data-way="photo"]').remove();
  }

  function openWhere() {
    more.open = true;
    wherePanel();
    more.querySelector('[data-step="where"]').scrollIntoView({ block: 'start' });
    field('place_text').focus({ preventScroll: true });
  }

  function complain({ part, words }) {
    part.querySelector('[data-local-error]')?.remove();
    const message = fragment('<p class="govuk-error-message" data-local data-local-error role="alert"></p>');
    message.textContent = words;
    part.querySelector('legend').after(message);
    part.classList.add('govuk-form-group--error');
    part.scrollIntoView({ block: 'center' });
    part.querySelector('input:not([hidden])')?.focus({ preventScroll: true });
  }

  /** One way out at a time: a second tap changes nothing. What takes long ends what it began with, and never what is open
   * by then: `way` can ask whether that is still shown. */
  async function leaveBy(button, way) {
    if (ways.some(isBusy)) return;
    const id = field('capture_id').value;
    const isShown = () => field('capture_id').value === id;
    setBusy(button, true);
    try {
      await way(isShown);
    } finally {
      if (isShown()) {
        setBusy(button, false);
        onStays();
      }
    }
  }

  async function keep() {
    const missing = tiles.missing();
    if (missing) return complain(missing);
    if (field('category').value === 'other' && !field('note').value.trim()) {
      more.open = true;
      field('note').focus();
      return say('Say in the note what it is.');
    }
    takeFix();
    try {
      const id = await keeping.finish();
      tiles.remember();
      leave(id);
    } catch {
      say(NOT_KEPT);
    }
  }

  function leave(id) {
    stopFixes();
    camera.close();
    form.hidden = true;
    reset();
    releaseLock();
    onClosed(id);
  }

  /** Leaves the screen; what was begun stays as a draft, what was only looked at is what it was, and nothing is left where
   * nothing was begun. What this phone cannot keep is not left without a word. */
  async function putAway() {
    await photos.added();
    if (!isBegun()) await forgetCapture(field('capture_id').value).catch(() => null);
    else if (!(await keeping.leaveAsItWas().catch(() => false))) {
      takeFix();
      form.dispatchEvent(new Event('change'));
      await keeping.save();
      if (!keeping.isKept() && !isWarned) {
        isWarned = true;
        return say(LOST_IF_LEFT);
      }
    }
    leave(null);
  }

  /** Throws away what was begun here, once its person has said so twice. What the server has is taken back elsewhere. */
  async function throwAway(isShown) {
    const { letGo } = await import('./let-go.js');
    await keeping.save();
    const told = await letGo({ id: field('capture_id').value });
    if (!isShown()) return;
    if (told) say(told);
    else if (told === '') leave(null);
  }

  /** Whoever throws it away need not wait for the server: they go on, and it stands in the list until it is taken back. */
  function goOn() {
    setBusy(away, false);
    leaveBy(close, putAway);
  }

  /** What the server would not take, each thing beside its question. */
  function showRefusal({ errors = {}, words = '' }) {
    say(Object.values(errors).flat().join(' ') || words);
    for (const [name, sentences] of Object.entries(errors)) {
      const control = field(name) instanceof RadioNodeList ? null : field(name);
      if (!control || control.type === 'hidden') continue;
      sayWrong(control, [sentences].flat().join(' '));
      const box = control.closest('details');
      if (box) box.open = true;
    }
  }

  function show(number, isNew = true) {
    title.textContent = `Observation ${number}`;
    form.hidden = false;
    onOpened();
    if (isNew) camera.begin();
    tiles.show();
    best = where.fix();
    noteBegun();
    where.start();
    stopFixes = where.onFix(hear);
    showPlace();
    title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  save.addEventListener('click', () => leaveBy(save, keep));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    leaveBy(save, keep);
  });
  close.addEventListener('click', goOn);
  away.addEventListener('click', () => leaveBy(away, throwAway));
  line.querySelector('button').addEventListener('click', openWhere);
  more.addEventListener('toggle', () => more.open && wherePanel());
  form.addEventListener('wardbook:changed', () => {
    // The panel speaks only when somebody used it: their place stands from then on.
    if (field('location_source').value && field('location_source').value !== 'gps') isOwnPlace = true;
    noteBegun();
    showPlace();
  });
  form.addEventListener('change', ({ target }) => {
    target.closest?.('.govuk-form-group--error')?.classList.remove('govuk-form-group--error');
    target.closest?.('fieldset')?.querySelector('[data-local-error]')?.remove();
    if (target.getAttribute('aria-invalid') === 'true') sayWrong(target, '');
    noteBegun();
    if (['category', 'owner_agency', 'place_text'].includes(target.name)) showPlace();
  });

  return {
    /** Opens an empty one; `like` are answers to copy. */
    async open(number, like = null) {
      reset();
      away.hidden = false;
      field('part_of').value = walkId;
      field('number').value = number;
      begin(form);
      await holdLock(field('capture_id').value);
      for (const name of like ? COPIED : []) copy(name, answer({ answers: like }, name));
      show(number);
    },
    /** Opens one that is on this phone once more; false where another tab shows it. */
    async openAgain(id) {
      const before = await captureWith(id);
      await changeCapture(id, reopen);
      reset();
      field('part_of').value = walkId;
      let found = null;
      try {
        found = await restoreDraft(form, photos, { owner, onlyId: id, sentBack: false, isWanted: () => true });
      } finally {
        if (!found) {
          releaseLock();
          if (before && before.state !== 'draft') await changeCapture(id, putBack);
        }
      }
      if (!found) return false;
      place?.restore();
      const isLate = Date.now() - Date.parse(found.captured_at) > STILL_THERE_MS;
      isOwnPlace = Boolean(field('latitude').value || field('place_text').value || found.content) || isLate;
      away.hidden = Boolean(found.acked);
      if (found.problem) showRefusal(found.problem);
      show(field('number').value, false);
      form.querySelector('[aria-invalid="true"]')?.focus();
      return true;
    },
    isOpen: () => !form.hidden,
    putAway: goOn,
  };

  function copy(name, value) {
    const control = field(name);
    if (control instanceof RadioNodeList) [...control].forEach((one) => (one.checked = one.value === value));
    else control.value = value;
  }
}
