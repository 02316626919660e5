// Keeps the screen on while vehicles are logged, where the browser can. It lets go whenever the page is hidden, so it is asked
// for again each time the page is seen.

/** Asks from now on; `onState` hears 'on', 'off', or 'none' where this browser cannot. Gives a way to stop. */
export function stayAwake(onState) {
  let lock = null;
  let isWanted = true;

  async function hold() {
    if (!isWanted || document.visibilityState !== 'visible' || (lock && !lock.released)) return;
    if (!navigator.wakeLock) return onState('none');
    try {
      lock = await navigator.wakeLock.request('screen');
      lock.addEventListener('release', () => onState('off'));
      onState('on');
    } catch {
      // A phone that saves its battery refuses.
      onState('none');
    }
  }

  document.addEventListener('visibilitychange', hold);
  hold();
  return () => {
    isWanted = false;
    document.removeEventListener('visibilitychange', hold);
    lock?.release().catch(() => null);
  };
}
