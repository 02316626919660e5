// What the place panel looks like before anything is known: what was used, the ways to give a place, the map's own box.
import { icon } from './dom.js';

export const PANEL = () => `
  <div class="wb-place">
    <div class="wb-note wb-place__answer" data-check-row="Place" hidden>
      ${icon('target')}<div><strong></strong><span></span></div>
    </div>
    <p class="govuk-error-message" data-local role="alert" hidden></p>
    <p class="govuk-visually-hidden" role="status"></p>
    <div data-map hidden></div>
    <div class="wb-place__ways">
      <button type="button" class="govuk-button wb-button-icon" data-way="gps">
        ${icon('target')}<span>Use this phone’s position</span>
      </button>
      <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-way="map" aria-expanded="false">
        ${icon('map')}<span>Show the map</span>
      </button>
    </div>
    <p class="wb-quiet wb-place__age" hidden></p>
    <h3>Not there now? Give the place another way</h3>
    <div class="wb-button-pair">
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="postcode">${icon('post-box')}Postcode</button>
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="grid_reference">${icon('grid')}Grid reference</button>
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="photo">${icon('photo')}Place in a photo</button>
      <button type="button" class="wb-button-plain govuk-button wb-button-icon" data-way="words">${icon('pencil')}Words only</button>
    </div>
  </div>`;
