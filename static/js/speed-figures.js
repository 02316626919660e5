// What one phone knows of a session at its end, by the rules of rules/speed.py: counted and recorded stand apart, and an
// average means something only where every vehicle's speed was logged.
const FEW = 100;
const MINUTE_MS = 60_000;

/** The speed that 85% of vehicles do not exceed, by nearest rank; null without speeds. */
export function percentile85(speeds) {
  const ranked = [...speeds].sort((one, other) => one - other);
  return ranked.length ? ranked[Math.ceil((85 * ranked.length) / 100) - 1] : null;
}

/** The mean with one decimal, cut and not rounded; null without speeds. */
export function mean(speeds) {
  const sum = speeds.reduce((one, other) => one + other, 0);
  return speeds.length ? (Math.floor((10 * sum) / speeds.length) / 10).toFixed(1) : null;
}

/** How many vehicles were in each band: from the threshold to 4 above, 5 to 9, 10 to 14, and 15 and more. */
export function bands(speeds, threshold) {
  return [0, 5, 10, 15].map((up) => {
    const first = threshold + up;
    const last = up === 15 ? Infinity : first + 4;
    return { words: up === 15 ? `${first} mph and over` : `${first} to ${last} mph`, count: speeds.filter((speed) => speed >= first && speed <= last).length };
  });
}

/** "1 hour 25 minutes" */
export function lengthWords(minutes) {
  if (!minutes) return 'Less than a minute';
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const words = [hours && `${hours} ${hours === 1 ? 'hour' : 'hours'}`, rest && `${rest} ${rest === 1 ? 'minute' : 'minutes'}`];
  return words.filter(Boolean).join(' ');
}

/** What the phone says at the end; `crew` is null where it does not know how many they were. */
export function summary({ speeds, threshold, counted, crew, beganAt, endedAt, hasAllSpeeds }) {
  const minutes = Math.max(0, Math.floor((Date.parse(endedAt) - Date.parse(beganAt)) / MINUTE_MS));
  const isWorth = hasAllSpeeds && speeds.length > 0;
  return {
    counted,
    logged: speeds.length,
    recorded: speeds.filter((speed) => speed >= threshold).length,
    minutes,
    volunteerMinutes: crew === null ? null : crew * minutes,
    fastest: speeds.length ? Math.max(...speeds) : null,
    bands: bands(speeds, threshold),
    mean: isWorth ? mean(speeds) : null,
    percentile85: isWorth ? percentile85(speeds) : null,
    isFew: isWorth && speeds.length < FEW,
  };
}
