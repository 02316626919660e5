// "This photo knows where it was taken": asked, never assumed. The question is the page's own (`photo_place`), hidden
// until a photo holds a place that differs from the one already given. Whoever pressed "Place in a photo" has answered.
// The photos that are kept tell it again after a refresh, and the place given before comes back when it is unticked.
import { fragment, groupOf } from './dom.js';
import { metresBetween } from './moves.js';

const SAME_PLACE_M = 30;
const ASKED = 'Your photo knows where it was taken. Use that place.';

/** `before` is the earlier place as it was kept with the draft. */
export function askPhotoPlace(form, place, photos, before = '') {
  const yes = form.elements.photo_place;
  if (!yes || !place) return;
  const group = groupOf(yes);
  // Disabled, so that it is kept with the draft and never sent.
  const remembered = fragment('<input type="hidden" name="before_photo" disabled>');
  remembered.value = before;
  form.append(remembered);
  let found = null;

  function isElsewhere(at) {
    const given = place.given();
    return !given || metresBetween(given, at) > SAME_PLACE_M;
  }

  function show() {
    found ??= photos.places().find((at) => yes.checked || isElsewhere(at)) ?? null;
    group.hidden = !found && !yes.checked;
    if (found) yes.labels[0].textContent = ASKED;
  }

  function take(at) {
    found = at;
    remembered.value = JSON.stringify(place.kept());
    place.takeFromPhoto(at);
  }

  form.addEventListener('wardbook:photo-place', ({ detail }) => {
    if (detail.isForPlace && place.isWaitingForPhoto()) {
      if (!detail.place) return place.takeFromPhoto(null);
      yes.checked = true;
      take(detail.place);
    }
    show();
  });
  form.addEventListener('wardbook:photo-removed', () => {
    found = null;
    show();
  });
  form.addEventListener('change', (event) => {
    if (event.target !== yes) return;
    if (!yes.checked) place.goBackTo(JSON.parse(remembered.value || 'null'));
    else if (found) take(found);
  });
  show();
}
