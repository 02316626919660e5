// What was seen on a walk as plain lines: what this phone captured, and what the server knew of others.

/** The one answer to a question, or nothing. */
export const answer = (one, name) => [one.answers[name] ?? []].flat()[0] ?? '';

/** A capture of this phone as a line of the walk. */
export function lineOf(capture) {
  const answers = capture.payload ?? capture.content?.answers ?? {};
  return { id: capture.id, state: capture.state, is_light: capture.is_light, answers, photo: capture.photo_ids[0] ?? null,
    at: capture.captured_at, reference: capture.receipt?.reference ?? null, title: capture.title };
}

/** What the server knew of the walk when this phone last asked, as a line of it. */
export function lineOfOthers({ id, number, category, grade, severity, place, latitude, longitude }) {
  const answers = { number: `${number}`, category, grade: grade ?? '', severity: severity ?? '', place_text: place, latitude, longitude };
  return { id, state: 'complete', is_light: true, answers, photo: null, at: null, reference: null };
}

export const numberOf = (line) => Number(answer(line, 'number')) || 0;

/** `{ latitude, longitude }` of a line, or null. */
export function placeOf(line) {
  const [latitude, longitude] = [answer(line, 'latitude'), answer(line, 'longitude')];
  return latitude === '' || longitude === '' ? null : { latitude: Number(latitude), longitude: Number(longitude) };
}
