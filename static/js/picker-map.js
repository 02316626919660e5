// The map that sets a pin: by a tap, by four buttons or the arrow keys in steps of metres whatever the zoom. Wards are
// always drawn, so it means something without tiles. Loaded, with Leaflet and its stylesheet, when it is opened.
import * as L from 'leaflet/dist/leaflet-src.esm.js';

import { fragment, icon } from './dom.js';
import { moved } from './moves.js';
import { labelPoint, wardName } from './ward-labels.js';

const STEPS_M = [5, 50];
const ZOOM_WITH_TILES = 17;
const ZOOM_WITHOUT_TILES = 14;
const KEYS = { ArrowUp: 'north', ArrowDown: 'south', ArrowRight: 'east', ArrowLeft: 'west' };
const GREEN = '#12533a';
const PIN = `
  <svg viewBox="0 0 36 46" aria-hidden="true">
    <path d="M18 45C8 32 2 25 2 17.5a16 16 0 0 1 32 0C34 25 28 32 18 45z" fill="#9c1515" stroke="#fff" stroke-width="2.5"/>
    <circle cx="18" cy="17.5" r="6" fill="#fff"/>
  </svg>`;

const key = (direction, symbol, words) => `
  <button type="button" class="wb-map__key" data-move="${direction}" aria-label="${words}">${icon(symbol)}</button>`;

const FRAME = () => `
  <div class="wb-map">
    <div class="wb-map__canvas" tabindex="0" role="application"
      aria-label="Map. Arrow keys move the pin 5 metres, with Shift 50 metres. Plus and minus zoom."></div>
    <p class="wb-map__hint">Tap the map to set the pin</p>
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

function drawWards(map, wards, pinned) {
  const style = { color: GREEN, weight: 2, fillColor: '#e8f2ec', fillOpacity: 0.5, interactive: false };
  const outlines = L.geoJSON(wards, { style }).addTo(map);
  const labels = L.layerGroup().addTo(map);

  /** Names each ward inside the part of it that can be seen, so that no view is without a name. */
  function name() {
    const seen = map.getBounds();
    const view = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
    labels.clearLayers();
    for (const { geometry, properties } of wards.features) {
      const point = labelPoint(geometry, view, pinned());
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

/** Draws the map into `box`. `onPin(place)` hears each new place; gives `moveTo(place)` for places from elsewhere. */
export async function openPickerMap(box, { place, wardsUrl = '/wards.geojson', tileUrl, tileAttribution, onPin }) {
  const frame = fragment(FRAME());
  const canvas = frame.querySelector('.wb-map__canvas');
  const [wards] = await Promise.all([wardsFrom(wardsUrl), stylesheet()]);
  if (!wards && !tileUrl && !place) throw new Error('There is nothing to draw the map with.');
  box.replaceChildren(frame);
  const map = L.map(canvas, { keyboard: false, zoomControl: false, maxZoom: 19, zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  const closest = tileUrl ? ZOOM_WITH_TILES : ZOOM_WITHOUT_TILES;
  let pin = null;
  let circle = null;
  let step = 0;

  if (tileUrl) L.tileLayer(tileUrl, { attribution: tileAttribution, maxZoom: 19 }).addTo(map);
  map.setView([52.8, -1.6], 6);
  const drawn = wards && drawWards(map, wards, () => place && [place.longitude, place.latitude]);
  if (place) map.setView([place.latitude, place.longitude], closest);
  else if (drawn) map.fitBounds(drawn.bounds);

  function draw(at) {
    const point = [at.latitude, at.longitude];
    pin ??= L.marker(point, {
      icon: L.divIcon({ className: 'wb-map__pin', html: PIN, iconSize: [36, 46], iconAnchor: [18, 45] }),
      interactive: false,
      keyboard: false,
    }).addTo(map);
    pin.setLatLng(point);
    circle?.remove();
    circle = at.accuracy_m && L.circle(point, { radius: at.accuracy_m, color: GREEN, weight: 1.5, interactive: false });
    circle?.addTo(map);
    if (!map.getBounds().pad(-0.15).contains(point)) map.panTo(point);
    drawn?.name();
  }

  function set(at) {
    place = { latitude: at.latitude, longitude: at.longitude };
    draw(place);
    onPin(place);
  }

  function move(direction, metres) {
    const centre = map.getCenter();
    set(moved(place ?? { latitude: centre.lat, longitude: centre.lng }, direction, metres));
  }

  map.on('click', ({ latlng }) => set({ latitude: latlng.lat, longitude: latlng.lng }));
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
  if (place) draw(place);

  return {
    moveTo(at) {
      const isElsewhere = !place || at.latitude !== place.latitude || at.longitude !== place.longitude;
      place = at;
      if (!isElsewhere) return;
      draw(at);
      map.setView([at.latitude, at.longitude], Math.max(map.getZoom(), closest));
    },
  };
}
