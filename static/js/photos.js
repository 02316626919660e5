// Choosing photos: each is checked by its first bytes, made smaller, copied at once and shown, and can be removed. The
// file input stays the one truth that the form sends; its files are set from the list kept here.
import { fragment, icon, isBusy, setBusy, tell } from './dom.js';
import { photoKind } from './first-bytes.js';
import { newUuid } from './identity.js';

const MEGABYTE = 1_000_000;
const MOST_PHOTOS = 5;
const MOST_MB_EACH = 25;
const MOST_MB_TOGETHER = 40;

/** Why this file is not taken, in a sentence, or null. */
export function refusal({ name, size, kind, count, together }) {
  if (count >= MOST_PHOTOS) return `You can send ${MOST_PHOTOS} photos. “${name}” was left out: remove one to add it.`;
  if (size === 0) return `“${name}” is empty. Choose it again, or take the photo once more.`;
  if (!kind) return `“${name}” is not a photo we can use. Choose a JPEG, PNG, WebP or HEIC picture.`;
  if (size > MOST_MB_EACH * MEGABYTE) {
    return `“${name}” is bigger than ${MOST_MB_EACH} MB. Choose a smaller photo, or take one at a lower setting.`;
  }
  if (together + size > MOST_MB_TOGETHER * MEGABYTE) {
    return `With “${name}” the photos are over ${MOST_MB_TOGETHER} MB. Send fewer, or smaller ones.`;
  }
  return null;
}

/** What becomes of a picked file. Where the code for it cannot be had the photo goes as it is. */
const prepared = (file, kind) =>
  import('./photo-reading.js').then((reading) => reading.prepared(file, kind)).catch(() => ({ small: file, place: null }));

const none = () => [];

/** Takes over the form's file input. Gives `pick`, `kept`, `places`, `restore`; a form without one gets an empty list.
 * Adding takes a while: whoever hands the form on waits for `added()`, and what was let go of meanwhile is not added. */
export function photoPicker(form) {
  const input = form.querySelector('input[type="file"][multiple]');
  let list = [];
  if (!input) return { pick: none, added: none, kept: none, places: none, restore: none };
  const panel = fragment(`
    <div class="wb-picker">
      <div class="wb-picker__refusals" role="alert"></div>
      <p class="wb-picker__count" role="status"></p>
      <ul class="wb-picker__list"></ul>
      <button type="button" class="govuk-button govuk-button--secondary wb-button-icon">
        ${icon('camera')}<span>Add a photo</span>
      </button>
    </div>`);
  const [refusals, count, shown, button] = panel.children;
  input.hidden = true;
  input.after(panel);
  let isForPlace = false;
  let adding = null;
  const isFull = () => list.length >= MOST_PHOTOS;

  /** Remembers that `work` is adding photos. It can ask whether the list is still the one that it began with. */
  function whileAdding(work) {
    const mine = list;
    const done = work(() => mine === list);
    adding = Promise.allSettled([adding, done]);
    return done;
  }

  function pick({ isForPlace: wanted } = {}) {
    if (isBusy(button)) return;
    isForPlace = wanted;
    input.click();
  }

  function settle() {
    const transfer = new DataTransfer();
    list.forEach((photo) => transfer.items.add(photo.file));
    input.files = transfer.files;
    count.textContent = list.length ? `${list.length} of ${MOST_PHOTOS} photos` : '';
    button.lastElementChild.textContent = list.length ? 'Add another photo' : 'Add a photo';
    button.hidden = isFull();
    shown.querySelectorAll('li').forEach((item, index) => {
      item.querySelector('[data-number]').textContent = ` photo ${index + 1}`;
      const image = item.querySelector('img');
      if (image) image.alt = `Photo ${index + 1}`;
    });
    tell(form, 'wardbook:changed');
  }

  function remove(photo, item) {
    const index = list.indexOf(photo);
    URL.revokeObjectURL(photo.address);
    list.splice(index, 1);
    item.remove();
    // There is room again, so what was refused for want of it need not be.
    refusals.querySelectorAll('[data-room]').forEach((line) => line.remove());
    settle();
    tell(form, 'wardbook:photo-removed');
    const left = shown.querySelectorAll('button');
    (left[Math.min(index, left.length - 1)] ?? button).focus();
  }

  function add(photo) {
    const item = fragment(`
      <li class="wb-picker__item">
        <img class="wb-picker__image">
        <button type="button" class="govuk-button govuk-button--secondary">
          Remove<span class="govuk-visually-hidden" data-number></span>
        </button>
      </li>`);
    const image = item.querySelector('img');
    photo.address = URL.createObjectURL(photo.file);
    image.addEventListener('error', () => {
      image.replaceWith(fragment(`<div class="wb-photo__none">${icon('photo')}Added. It cannot be shown here.</div>`));
    });
    image.src = photo.address;
    item.querySelector('button').addEventListener('click', () => remove(photo, item));
    list.push(photo);
    shown.append(item);
    settle();
  }

  async function findPlace(photo) {
    const { placeOf } = await import('./photo-reading.js');
    photo.place = placeOf(photo);
    tell(form, 'wardbook:photo-place', { place: photo.place, isForPlace: false });
  }

  function refuse(words, isForRoom = false) {
    const line = fragment('<p class="govuk-error-message" data-local></p>');
    line.textContent = words;
    line.toggleAttribute('data-room', isForRoom);
    refusals.append(line);
  }

  /** A picked file as a photo, or in words why it is none. */
  async function read(file) {
    const kind = photoKind(new Uint8Array(await file.slice(0, 12).arrayBuffer()));
    const together = list.reduce((sum, photo) => sum + photo.file.size, 0);
    const { name, size } = file;
    const words = refusal({ name, size, kind, count: list.length, together });
    if (words) return { words, isForRoom: !refusal({ name, size, kind, count: 0, together: 0 }) };
    const { small, place } = await prepared(file, kind);
    const bytes = await small.arrayBuffer();
    const kept = new File([bytes], small.name, { type: small.type, lastModified: small.lastModified });
    return { photo: { id: newUuid(), file: kept, bytes, place } };
  }

  async function take(chosen, wanted, isMine) {
    setBusy(button, true);
    for (const file of chosen) {
      count.textContent = 'Adding your photo…';
      const { photo, words, isForRoom } = await read(file).catch(() => ({
        words: `“${file.name}” could not be read. Choose it again.`,
      }));
      if (!isMine()) return;
      if (photo) {
        add(photo);
        tell(form, 'wardbook:photo-place', { place: photo.place, isForPlace: wanted });
      } else refuse(words, isForRoom);
    }
    setBusy(button, false);
    settle();
  }

  input.addEventListener('change', () => {
    const chosen = [...input.files];
    // Asked for once: a photo that is added later moves no place unasked.
    const wanted = isForPlace;
    isForPlace = false;
    refusals.replaceChildren();
    settle();
    whileAdding((isMine) => take(chosen, wanted, isMine));
  });
  input.addEventListener('cancel', () => (isForPlace = false));
  button.addEventListener('click', () => pick());

  return {
    pick,
    added: () => adding,
    isFull,
    /** Takes a picture of the page's own camera once it is there: it is as small as it should be, and knows no place. */
    put: (picture) =>
      whileAdding(async (isMine) => {
        const file = await picture;
        const bytes = await file.arrayBuffer();
        if (isMine()) add({ id: newUuid(), file, bytes, place: null });
      }),
    /** Lets go of all of them, and of what is still being added. */
    clear() {
      list.forEach((photo) => URL.revokeObjectURL(photo.address));
      list = [];
      setBusy(button, false);
      shown.replaceChildren();
      refusals.replaceChildren();
      settle();
    },
    removeLast() {
      if (list.length) remove(list.at(-1), shown.lastElementChild);
    },
    count: () => list.length,
    /** Where the photos were taken, as far as they say. */
    places: () => list.map((photo) => photo.place).filter(Boolean),
    kept: () =>
      list.map(({ id, file, bytes }) => ({
        id, bytes, name: file.name, type: file.type, last_modified: file.lastModified,
      })),
    restore(photos) {
      for (const { id, bytes, name, type, last_modified: lastModified } of photos) {
        const photo = { id, bytes, file: new File([bytes], name, { type, lastModified }) };
        add(photo);
        findPlace(photo).catch(() => null);
      }
    },
  };
}
