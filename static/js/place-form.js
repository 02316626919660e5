// A form that asks for a place and takes no photos: the map and the other ways to give one stand in its section.
import { placePanel } from './place.js';

export default function placeForm(form) {
  placePanel(form, null);
  form.querySelector('[data-way="photo"]')?.remove();
}
