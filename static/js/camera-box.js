// The photo of an observation: the camera live in the page where it was allowed, its shutter, and the way to the phone's
// own camera app. One photo at a time is shown large, so that it can be taken again.
import { canShow, closeCamera, openCamera, shoot } from './camera.js';
import { fragment, icon, isBusy, setBusy } from './dom.js';
import { note, noted } from './store.js';

const NOTE = 'camera-in-page';
const REFUSED = 'The camera could not be opened in the page. Use the phone’s own camera instead.';
const NO_PICTURE = 'The photo could not be taken. Take it once more, or use the phone’s own camera.';

export async function cameraBox(form, photos) {
  const section = form.querySelector('.wb-ob__photo');
  const box = fragment(`
    <div class="wb-camera">
      <div class="wb-camera__view" hidden>
        <video class="wb-camera__video" playsinline muted aria-label="What the camera sees"></video>
        <button type="button" class="govuk-button wb-camera__shutter">${icon('camera')}<span>Take photo</span></button>
      </div>
      <div class="wb-camera__ways">
        <button type="button" class="govuk-button wb-button-icon" data-camera="open">${icon('camera')}<span>Open the camera</span></button>
        <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-camera="again">${icon('copy')}<span>Take it again</span></button>
        <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-camera="more">${icon('plus')}<span>Close-up</span></button>
        <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-camera="app">${icon('photo')}<span>Camera app or file</span></button>
      </div>
      <p class="govuk-error-message" data-local role="alert" hidden></p>
      <p class="govuk-visually-hidden" role="status"></p>
    </div>`);
  section.querySelector('h2').after(box);
  const [view, , problem, aloud] = box.children;
  const [video, shutter] = view.children;
  const way = (name) => box.querySelector(`[data-camera="${name}"]`);
  let isLive = false;
  let opened = 0;
  // Read once, so that the camera stands open from the first moment of each screen and no button jumps under a thumb.
  let isAllowed = await noted(NOTE).catch(() => false);

  async function remember(allowed) {
    isAllowed = allowed;
    await note(NOTE, allowed).catch(() => null);
  }

  function say(words) {
    problem.hidden = !words;
    problem.textContent = words;
  }

  function show() {
    const hasPhoto = photos.count() > 0;
    view.hidden = !isLive;
    way('open').hidden = isLive || hasPhoto || !canShow();
    way('again').hidden = isLive || !hasPhoto;
    way('more').hidden = isLive || !hasPhoto || photos.isFull() || !canShow();
    way('app').hidden = isLive;
    section.classList.toggle('is-live', isLive);
  }

  /** Shows the camera; its shutter is at work until there is a picture to take. */
  async function open() {
    const mine = (opened += 1);
    say('');
    isLive = true;
    setBusy(shutter, true);
    show();
    const isOpen = await openCamera(video).then(() => true, () => false);
    // Closed while it was opening, it was not refused; it is only let go of, where it was not opened once more.
    if (mine !== opened) return isLive || closeCamera(video);
    isLive = isOpen;
    setBusy(shutter, false);
    if (!isOpen) say(REFUSED);
    show();
    await remember(isOpen);
  }

  function close() {
    opened += 1;
    if (isLive) closeCamera(video);
    isLive = false;
    say('');
    show();
  }

  shutter.addEventListener('click', async () => {
    if (isBusy(shutter)) return;
    const mine = opened;
    setBusy(shutter, true);
    const isTaken = await photos.put(shoot(video)).then(() => true, () => false);
    if (mine !== opened) return;
    setBusy(shutter, false);
    if (!isTaken) return say(NO_PICTURE);
    aloud.textContent = 'Photo taken';
    close();
    form.querySelector('.wb-tile input')?.focus({ preventScroll: true });
  });
  way('open').addEventListener('click', open);
  way('more').addEventListener('click', open);
  way('again').addEventListener('click', async () => {
    photos.removeLast();
    if (canShow() && isAllowed) await open();
    else photos.pick();
  });
  way('app').addEventListener('click', () => {
    close();
    photos.pick();
  });
  form.addEventListener('wardbook:changed', show);
  form.addEventListener('wardbook:photo-removed', show);
  show();

  return {
    /** Opens the camera by itself where it was allowed before; asking again is for whoever presses the button. */
    async begin() {
      if (canShow() && !photos.count() && isAllowed) await open();
      else show();
    },
    close,
  };
}
