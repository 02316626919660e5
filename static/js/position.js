// This phone's position: the best fix within 20 seconds, at once when it is good to 10 m. A fix older than 60 seconds is
// somebody else's lane and is refused.

const WITHIN_MS = 20_000;
const GOOD_ENOUGH_M = 10;
const OLDEST_MS = 60_000;

/** Gives `{ latitude, longitude, accuracy_m, fixed_at }`, or throws 'denied', 'none' or 'stopped' as the error's message.
 * `signal` stops the watch when its person gives the place in another way. */
export function bestFix(geolocation, { onBetter = () => {}, now = Date.now, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    let best = null;
    let timer = null;
    let watch = null;

    function finish(reason) {
      clearTimeout(timer);
      geolocation.clearWatch(watch);
      if (best && reason !== 'stopped') resolve(best);
      else reject(new Error(reason));
    }

    function hear({ coords, timestamp }) {
      if (now() - timestamp > OLDEST_MS) return;
      if (best && coords.accuracy >= best.accuracy_m) return;
      best = {
        latitude: coords.latitude,
        longitude: coords.longitude,
        accuracy_m: coords.accuracy,
        fixed_at: timestamp,
      };
      onBetter(best);
      if (best.accuracy_m <= GOOD_ENOUGH_M) finish();
    }

    function fail({ code, PERMISSION_DENIED = 1 }) {
      if (code === PERMISSION_DENIED) finish('denied');
    }

    signal?.addEventListener('abort', () => finish('stopped'));
    timer = setTimeout(() => finish('none'), WITHIN_MS);
    watch = geolocation.watchPosition(hear, fail, { enableHighAccuracy: true, maximumAge: 0, timeout: WITHIN_MS });
  });
}

/** "just now", "40 seconds ago", "3 minutes ago". */
export function ageWords(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${seconds - (seconds % 10)} seconds ago`;
  const minutes = Math.floor(seconds / 60);
  return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
}
