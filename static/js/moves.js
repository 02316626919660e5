// Steps in metres as degrees, near enough for a pin (well under a centimetre over 50 m in Britain), and back.

const METRES_PER_DEGREE = 111_320;
const DIRECTIONS = { north: [1, 0], south: [-1, 0], east: [0, 1], west: [0, -1] };

/** The place `metres` away in a direction: north, south, east or west. */
export function moved({ latitude, longitude }, direction, metres) {
  const [north, east] = DIRECTIONS[direction];
  const narrowing = Math.cos((latitude * Math.PI) / 180);
  return {
    latitude: latitude + (north * metres) / METRES_PER_DEGREE,
    longitude: longitude + (east * metres) / (METRES_PER_DEGREE * narrowing),
  };
}

/** How far two places of one neighbourhood are apart. */
export function metresBetween(one, other) {
  const narrowing = Math.cos((((one.latitude + other.latitude) / 2) * Math.PI) / 180);
  const north = (other.latitude - one.latitude) * METRES_PER_DEGREE;
  const east = (other.longitude - one.longitude) * METRES_PER_DEGREE * narrowing;
  return Math.hypot(north, east);
}
