// The map that sets a pin: by a tap, by four buttons or the arrow keys in steps of metres whatever the zoom. Wards are
// always drawn, so it means something without tiles. Loaded, with Leaflet and its stylesheet, when it is opened.
import * as L from 'leaflet/dist/leaflet-src.esm.js';

import { fragment, icon } from './dom.js';
import { moved } from './moves.js';
import { labelPoint, wardName } from './ward-labels.js';

const STEPS_M = [5, 50];
// Close enough that a step of 5 metres can be seen; a fix is shown with room around the circle of its accuracy.
const CLOSE = 17;
const CLOSEST = 18;
const FARTHEST = 14;
const ROOM = 3;
// Half of a ward's name and a finger's breadth.
const LABEL_PX = { x: 76, y: 28 };
const KEYS = { ArrowUp: 'north', ArrowDown: 'south', ArrowRight: 'east', ArrowLeft: 'west' };
const GREEN = '#12533a';
const PIN = `
  <svg viewBox="0 0 36 46" aria-hidden="true">
    <path d="M18 45C8 32 2 25 2 17.5a16 16 0 0 1 32 0C34 25 28 32 18 45z" fill="#9c1515" stroke="#fff" stroke-width="2.5"/>
    <circle cx="18" cy="17.5" r="6" fill="#fff"/>
  </svg>`;

const key = (direction, symbol, words) => `
  <button type="button" class="wb-map__key" data-move="${direction}" aria-label="${words}">${icon(symbol)}</button>`;

const HINT = 'Tap the map to set the pin';
const FRAME = () => `
  <div class="wb-map">
    <div class="wb-map__canvas" tabindex="0" role="application"
      aria-label="Map. Arrow keys move the pin 5 metres, with Shift 50 metres. Plus and minus zoom."></div>
    <p class="wb-map__hint">${HINT}</p>
    <div class="wb-map__zoom">
      <button type="button" class="wb-map__key" data-zoom="1" aria-label="Zoom in">${icon('plus')}</button>
      <button type="button" class="wb-map__key" data-zoom="-1" aria-label="Zoom out">${icon('minus')}</button>
    </div>
    <div class="wb-map__keys" role="group" aria-label="Move the pin">
      ${key('north', 'arrow-up', 'Move the pin north')}
      <button type="button" class="wb-map__key" data-step-size><span>5 m</span><span class="govuk-visually-hidden"> a step. Change it</span></button>
      ${key('west', 'arrow-left', 'Move the pin west')}
      ${key('south', 'arrow-down', 'Move the pin south')}
      ${key('east', 'arrow-right', 'Move the pin east')}
    </div>
  </div>`;

/** Waits until Leaflet's rules are there; without them the map would be drawn askew. */
function stylesheet() {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL(LEAFLET_CSS, import.meta.url);
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', reject);
  });
}

async function wardsFrom(address) {
  const reply = await fetch(address).catch(() => null);
  return reply?.ok ? reply.json().catch(() => null) : null;
}

/** The zoom at which a place and its accuracy are seen well. */
function zoomFor(map, { latitude, longitude, accuracy_m: accuracy }) {
  if (!accuracy) return CLOSE;
  const around = L.latLng(latitude, longitude).toBounds(2 * ROOM * accuracy);
  return Math.min(CLOSEST, Math.max(FARTHEST, map.getBoundsZoom(around)));
}

/** What stands on the map, as boxes of degrees, wide enough that no name touches it. */
function coveredBoxes(map, frame) {
  const { left, top } = frame.getBoundingClientRect();
  return [...frame.querySelectorAll('.wb-map__keys, .wb-map__zoom, .wb-map__hint')].map((element) => {
    const box = element.getBoundingClientRect();
    const at = (x, y) => map.containerPointToLatLng([x - left, y - top]);
    const southWest = at(box.left - LABEL_PX.x, box.bottom + LABEL_PX.y);
    const northEast = at(box.right + LABEL_PX.x, box.top - LABEL_PX.y);
    return [southWest.lng, southWest.lat, northEast.lng, northEast.lat];
  });
}

function drawWards(map, frame, wards, pinned) {
  const style = { color: GREEN, weight: 2, fillColor: '#e8f2ec', fillOpacity: 0.5, interactive: false };
  const outlines = L.geoJSON(wards, { style }).addTo(map);
  const labels = L.layerGroup().addTo(map);

  /** Names each ward inside the part of it that can be seen, so that no view is without a name. */
  function name() {
    const seen = map.getBounds();
    const view = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
    const covered = coveredBoxes(map, frame);
    labels.clearLayers();
    for (const { geometry, properties } of wards.features) {
      const point = labelPoint(geometry, view, pinned(), covered);
      if (!point) continue;
      const text = document.createElement('span');
      text.textContent = wardName(properties);
      const label = L.divIcon({ className: 'wb-map__label', html: text, iconSize: null });
      L.marker([point[1], point[0]], { icon: label, interactive: false, keyboard: false }).addTo(labels);
    }
  }
  map.on('moveend', name);
  name();
  return { bounds: outlines.getBounds(), name };
}

/** Draws the map into `box`. `onPin(place, words)` hears each new place and how it came about; gives `moveTo(place)` for
 * places from elsewhere or none, and `line(places)`. */
export async function openPickerMap(box, { place, wardsUrl = '/wards.geojson', tileUrl, tileAttribution, onPin }) {
  const frame = fragment(FRAME());
  const canvas = frame.querySelector('.wb-map__canvas');
  const [wards] = await Promise.all([wardsFrom(wardsUrl), stylesheet()]);
  if (!wards && !tileUrl && !place) throw new Error('There is nothing to draw the map with.');
  box.replaceChildren(frame);
  const map = L.map(canvas, { keyboard: false, zoomControl: false, maxZoom: 19, zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  const hint = frame.querySelector('.wb-map__hint');
  let pin = null;
  let circle = null;
  let step = 0;

  if (tileUrl) L.tileLayer(tileUrl, { attribution: tileAttribution, maxZoom: 19 }).addTo(map);
  map.setView([52.8, -1.6], 6);
  const drawn = wards && drawWards(map, frame, wards, () => place && [place.longitude, place.latitude]);

  function look(at) {
    if (at) map.setView([at.latitude, at.longitude], zoomFor(map, at));
    else if (drawn) map.fitBounds(drawn.bounds);
  }

  function draw(at) {
    const point = [at.latitude, at.longitude];
    pin ??= L.marker(point, {
      icon: L.divIcon({ className: 'wb-map__pin', html: PIN, iconSize: [36, 46], iconAnchor: [18, 45] }),
      interactive: false,
      keyboard: false,
    }).addTo(map);
    pin.setLatLng(point);
    hint.textContent = 'Tap the map to move the pin';
    circle?.remove();
    circle = at.accuracy_m && L.circle(point, { radius: at.accuracy_m, color: GREEN, weight: 1.5, interactive: false });
    circle?.addTo(map);
    if (!map.getBounds().pad(-0.15).contains(point)) map.panTo(point);
    drawn?.name();
  }

  function lift() {
    pin.remove();
    circle?.remove();
    pin = null;
    hint.textContent = HINT;
  }

  function set(at, said) {
    // As the form keeps it, so that the place is known again when the form tells it back.
    place = { latitude: Number(at.latitude.toFixed(6)), longitude: Number(at.longitude.toFixed(6)) };
    draw(place);
    onPin(place, said);
  }

  function move(direction, metres) {
    const centre = map.getCenter();
    set(moved(place ?? { latitude: centre.lat, longitude: centre.lng }, direction, metres), `Pin moved ${metres} m ${direction}.`);
  }

  map.on('click', ({ latlng }) => {
    set({ latitude: latlng.lat, longitude: latlng.lng }, 'Pin set.');
    // From far away a finger covers a village: closer, the pin can be put right.
    if (map.getZoom() < FARTHEST) map.setView(latlng, FARTHEST);
  });
  canvas.addEventListener('keydown', (event) => {
    const direction = KEYS[event.key];
    if (direction) move(direction, STEPS_M[event.shiftKey ? 1 : 0]);
    else if (event.key === '+' || event.key === '=') map.zoomIn();
    else if (event.key === '-') map.zoomOut();
    else return;
    event.preventDefault();
  });
  frame.addEventListener('click', (event) => {
    const pressed = event.target.closest('button');
    if (!pressed) return;
    if (pressed.dataset.move) move(pressed.dataset.move, STEPS_M[event.shiftKey ? 1 : step]);
    if (pressed.dataset.zoom) map.setZoom(map.getZoom() + Number(pressed.dataset.zoom));
    if ('stepSize' in pressed.dataset) {
      step = 1 - step;
      pressed.firstElementChild.textContent = `${STEPS_M[step]} m`;
    }
  });
  look(place);
  if (place) draw(place);

  const drawnLine = L.polyline([], { color: GREEN, weight: 4, interactive: false }).addTo(map);

  return {
    /** Draws a line through these places. */
    line(places) {
      drawnLine.setLatLngs(places.map(({ latitude, longitude }) => [latitude, longitude]));
    },
    /** Shows this place; without one there is no pin, and no view from which the arrow keys would go on. */
    moveTo(at) {
      const isElsewhere = at?.latitude !== place?.latitude || at?.longitude !== place?.longitude;
      place = at;
      if (!isElsewhere) return;
      if (at) draw(at);
      else lift();
      look(at);
    },
  };
}
