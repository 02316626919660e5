// "This photo knows where it was taken": asked, never assumed. The question is the page's own (`photo_place`), hidden
// until a photo holds a place that differs from the one already given. Whoever pressed "Place in a photo" has answered.
import { groupOf } from './dom.js';
import { metresBetween } from './moves.js';

const SAME_PLACE_M = 30;
const ASKED = 'Your photo knows where it was taken. Use that place.';

export function askPhotoPlace(form, place) {
  const controls = [...form.querySelectorAll('[name="photo_place"]')];
  const group = controls[0] && groupOf(controls[0]);
  const yes = controls.find((control) => control.type === 'checkbox' || /^(yes|y|true|1)$/.test(control.value));
  let found = null;
  if (group) group.hidden = !controls.some((control) => control.checked);

  form.addEventListener('wardbook:photo-place', ({ detail }) => {
    if (place.isWaitingForPhoto()) {
      place.takeFromPhoto(detail.place);
      if (yes && detail.place) yes.checked = true;
      return;
    }
    if (!detail.place || found || !group) return;
    const given = place.given();
    if (given && metresBetween(given, detail.place) <= SAME_PLACE_M) return;
    found = detail.place;
    if (yes.type === 'checkbox') yes.labels[0].textContent = ASKED;
    group.hidden = false;
  });
  form.addEventListener('change', (event) => {
    if (event.target.name !== 'photo_place' || !found) return;
    if (yes.checked) place.takeFromPhoto(found);
    else place.leavePhoto();
  });
}
