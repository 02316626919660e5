// The plain page of an observation: the same tiles, grades and camera as on a walk; it posts as any form does.
import { cameraBox } from './camera-box.js';
import { categoryTiles } from './category-tiles.js';
import { photoPicker } from './photos.js';
import { placePanel } from './place.js';

export default async function observationPage(form) {
  const photos = photoPicker(form);
  // Whoever changes an observation leaves its photos as they are.
  if (form.querySelector('.wb-ob__photo')) cameraBox(form, photos);
  placePanel(form, photos);
  // The form itself asks whether to use the place of a photo.
  form.querySelector('[data-way="photo"]').remove();
  (await categoryTiles(form)).show();
}
