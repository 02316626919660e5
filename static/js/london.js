// Clocks in London, wherever the phone thinks it is.
const LONDON = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** `{ day, time }` of a moment, as `2026-11-29` and `10:30`. */
export function inLondon(at) {
  const parts = Object.fromEntries(LONDON.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** The London date of a moment, as `2026-11-29`. */
export const londonDay = (at) => inLondon(at).day;
