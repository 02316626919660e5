// The walk as a picture without tiles: the ward's outline, the track, the route and a numbered point for each thing that
// was seen. It needs no connection. The list beside it says the same in words.

const WIDTH = 360;
const HEIGHT = 360;
const MARGIN = 26;
const LEAST_M = 120;
const METRES_PER_DEGREE = 111_320;
const SCALES_M = [20, 50, 100, 200, 500, 1000, 2000, 5000];
const SVG = 'http://www.w3.org/2000/svg';

function draw(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children);
  return element;
}

/** How places become points of the picture: all of them inside it, north up, the same scale both ways. */
export function frame(places, width = WIDTH, height = HEIGHT) {
  const latitudes = places.map((place) => place.latitude);
  const longitudes = places.map((place) => place.longitude);
  const middle = { latitude: (Math.min(...latitudes) + Math.max(...latitudes)) / 2, longitude: (Math.min(...longitudes) + Math.max(...longitudes)) / 2 };
  const perLongitude = METRES_PER_DEGREE * Math.cos((middle.latitude * Math.PI) / 180);
  const across = Math.max(LEAST_M, (Math.max(...longitudes) - Math.min(...longitudes)) * perLongitude);
  const up = Math.max(LEAST_M, (Math.max(...latitudes) - Math.min(...latitudes)) * METRES_PER_DEGREE);
  const perMetre = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / up);
  return {
    perMetre,
    point: ({ latitude, longitude }) => [
      width / 2 + (longitude - middle.longitude) * perLongitude * perMetre,
      height / 2 - (latitude - middle.latitude) * METRES_PER_DEGREE * perMetre,
    ],
  };
}

const spelled = (points) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

function outlines(feature, point) {
  if (!feature) return [];
  const { type, coordinates } = feature.geometry;
  const rings = type === 'Polygon' ? coordinates : coordinates.flat();
  return rings.map((ring) =>
    draw('polygon', { class: 'wb-walk-map__ward', points: spelled(ring.map(([longitude, latitude]) => point({ latitude, longitude }))) }),
  );
}

function scaleBar(perMetre) {
  const metres = SCALES_M.findLast((one) => one * perMetre < WIDTH / 3) ?? SCALES_M[0];
  const length = metres * perMetre;
  const words = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  const text = draw('text', { x: 12, y: HEIGHT - 16 });
  text.textContent = words;
  return [draw('path', { class: 'wb-walk-map__scale', d: `M10 ${HEIGHT - 8}h${length.toFixed(1)}` }), text];
}

/** The picture, or null where nothing has a place yet. `seen` are `{ number, place, words }`. */
export function walkMap({ seen, track, route, here, feature, label }) {
  const placed = seen.filter((one) => one.place);
  const places = [...placed.map((one) => one.place), ...track, ...route, ...(here ? [here] : [])];
  if (!places.length) return null;
  const { perMetre, point } = frame(places);
  const svg = draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'wb-walk-map', role: 'img', 'aria-label': label });
  svg.append(...outlines(feature, point));
  for (const [line, kind] of [[route, 'route'], [track, 'track']]) {
    if (line.length > 1) svg.append(draw('polyline', { class: `wb-walk-map__${kind}`, points: spelled(line.map(point)) }));
  }
  if (here) {
    const [x, y] = point(here);
    if (here.accuracy_m) svg.append(draw('circle', { class: 'wb-walk-map__accuracy', cx: x, cy: y, r: here.accuracy_m * perMetre }));
    svg.append(draw('circle', { class: 'wb-walk-map__here', cx: x, cy: y, r: 7 }));
  }
  for (const { number, place, words } of placed) {
    const [x, y] = point(place);
    const text = draw('text', { x, y: y + 5, 'text-anchor': 'middle' });
    text.textContent = number;
    const title = draw('title', {});
    title.textContent = words;
    svg.append(draw('g', { class: 'wb-walk-map__point' }, title, draw('circle', { cx: x, cy: y, r: 13 }), text));
  }
  svg.append(...scaleBar(perMetre));
  return svg;
}
