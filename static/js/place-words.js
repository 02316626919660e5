// How a place is called: what is known of it, and the way in which it was given.

const PLAIN = { gps: 'This phone’s position', map: 'The pin you set', photo: 'The place stored in your photo' };
const CODED = { postcode: 'Postcode', grid: 'Grid reference' };

/** "Eynsford ward. Grid reference TQ 5395 6609." */
export function placeWords({ ward, grid_reference: reference, message }) {
  const parts = [ward && `${ward} ward.`, reference && `Grid reference ${reference.replaceAll(' ', '\u00a0')}.`, message];
  return parts.filter(Boolean).join(' ');
}

/** "This phone’s position, good to about 12 m", "Postcode TN13 1GP" */
export function givenWords({ source, text }, accuracy) {
  const good = accuracy ? `, good to about ${metres(accuracy)}` : '';
  const isCode = CODED[source] && text;
  return (isCode ? `${CODED[source]} ${text.toUpperCase()}` : PLAIN[source] ?? 'The place you gave') + good;
}

function metres(accuracy) {
  return accuracy >= 1000 ? `${(accuracy / 1000).toFixed(1)}\u00a0km` : `${Math.max(1, Math.round(accuracy))}\u00a0m`;
}
