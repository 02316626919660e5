// Where to write a ward's name on the part of the map that can be seen. Longitude comes first here, as in GeoJSON.

const ACROSS = 9;
const SMALLEST_SHARE = 0.06;
const CLEARANCE = 0.2;

function isInRing([x, y], ring) {
  let inside = false;
  for (let here = 0, before = ring.length - 1; here < ring.length; before = here, here += 1) {
    const [x1, y1] = ring[here];
    const [x2, y2] = ring[before];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Whether a point is in a ward. */
export function isInside(point, { type, coordinates }) {
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  return polygons.some(([shell, ...holes]) => isInRing(point, shell) && !holes.some((hole) => isInRing(point, hole)));
}

/** A point of the ward near the middle of what is seen of it, or null when too little is seen to write on.
 * `view` is `[west, south, east, north]`; the label keeps clear of `avoid`, where the pin stands, and its middle out of
 * the `covered` boxes, given like the view. */
export function labelPoint(geometry, [west, south, east, north], avoid = null, covered = []) {
  const found = [];
  for (let column = 1; column < ACROSS; column += 1) {
    for (let row = 1; row < ACROSS; row += 1) {
      const point = [west + ((east - west) * column) / ACROSS, south + ((north - south) * row) / ACROSS];
      if (isInside(point, geometry)) found.push(point);
    }
  }
  if (found.length < SMALLEST_SHARE * (ACROSS - 1) ** 2) return null;
  const middle = [0, 1].map((axis) => found.reduce((sum, point) => sum + point[axis], 0) / found.length);
  const apart = (one, other) =>
    Math.hypot((one[0] - other[0]) / (east - west), (one[1] - other[1]) / (north - south));
  const isCovered = ([x, y]) => covered.some(([left, bottom, right, top]) => x > left && x < right && y > bottom && y < top);
  const free = found.filter((point) => (!avoid || apart(point, avoid) > CLEARANCE) && !isCovered(point));
  const nearest = (best, point) => (apart(point, middle) < apart(best, middle) ? point : best);
  return free.length ? free.reduce(nearest) : null;
}

/** A ward's name, from our own boundaries or from the ONS's columns such as WD24NM. */
export function wardName(properties) {
  const key = Object.keys(properties).find((name) => /^(name|ward|ward_name|WD\d\dNM)$/i.test(name));
  return key ? properties[key] : '';
}
