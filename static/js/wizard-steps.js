// The order of the screens, as plain data. `nearby` stands between the last question and the check but is not
// counted: it is asked only when there is something to ask.

export const CHECK = 'check';
export const NEARBY = 'nearby';

/** All screens in order, from the names of the page's own sections. */
export function screens(sections) {
  return [...sections, NEARBY, CHECK];
}

/** "step 2 of 6", or nothing for a screen that is not counted. */
export function stepWords(all, name) {
  const counted = all.filter((screen) => screen !== NEARBY);
  const index = counted.indexOf(name);
  return index < 0 ? '' : `step ${index + 1} of ${counted.length}`;
}

/** The screen after this one; somebody who came from the check to change one answer goes back there. */
export function screenAfter(all, name, { changing = false, nearbyAsked = false } = {}) {
  if (name === CHECK) return CHECK;
  const next = changing ? NEARBY : all[all.indexOf(name) + 1];
  return next === NEARBY && !nearbyAsked ? CHECK : next;
}

/** The screen before this one, or none at the start. */
export function screenBefore(all, name, { nearbyAsked = false } = {}) {
  const previous = all[all.indexOf(name) - 1] ?? null;
  return previous === NEARBY && !nearbyAsked ? screenBefore(all, NEARBY) : previous;
}

/** The screen an address names, or none: other anchors of the page are not ours. */
export function screenFromHash(all, hash) {
  const name = hash.replace(/^#/, '');
  return all.includes(name) ? name : null;
}
