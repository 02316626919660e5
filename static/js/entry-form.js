// The page on which staff write down what somebody told them: one long form, with the map and the photos of the other.
import { photoPicker } from './photos.js';
import { placePanel } from './place.js';

export default function entryForm(form) {
  placePanel(form, photoPicker(form));
}
