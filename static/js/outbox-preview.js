// A capture's first photo beside its line in the outbox. It is fetched from the phone's store only when the line comes
// into view, and once, however often the line is drawn again: a full phone holds hundreds.
import { photoOf } from './store.js';

const made = new Map();
const whenSeen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    whenSeen.unobserve(target);
    // A sent capture has let go of its photos, and not every browser can show each kind.
    show(target).catch(() => (target.hidden = true));
  }
});

async function show(image) {
  const { bytes, type } = await photoOf(image.dataset.photo);
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const settled = new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }));
  image.src = address;
  await settled.finally(() => URL.revokeObjectURL(address));
}

function make(photoId) {
  const image = document.createElement('img');
  image.className = 'wb-outbox__preview';
  image.alt = '';
  image.dataset.photo = photoId;
  whenSeen.observe(image);
  return image;
}

/** The one image of that photo. It says nothing that the line does not say in words. */
export function previewOf(photoId) {
  if (!made.has(photoId)) made.set(photoId, make(photoId));
  return made.get(photoId);
}
