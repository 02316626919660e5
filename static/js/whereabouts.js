// Where this phone is while somebody walks: one watch for the whole page, its newest fix, and the track where it is wanted.
import { note, noted } from './store.js';

const REFUSED = 1;
const OLDEST_MS = 60_000;
const TRACK_EVERY_M = 10;
const TRACK_GOOD_M = 50;
export const TRACK_MOST = 4000;
const METRES_PER_DEGREE = 111_320;

/** Metres between two near places. */
export function metresBetween(one, other) {
  const north = (one.latitude - other.latitude) * METRES_PER_DEGREE;
  const east = (one.longitude - other.longitude) * METRES_PER_DEGREE * Math.cos((one.latitude * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** The track with this fix added, or the same one where it says nothing new. */
export function withFix(track, fix) {
  const last = track.at(-1);
  const isGood = fix.accuracy_m <= TRACK_GOOD_M && track.length < TRACK_MOST;
  if (!isGood || (last && metresBetween(last, fix) < TRACK_EVERY_M)) return track;
  return [...track, { latitude: fix.latitude, longitude: fix.longitude }];
}

/** The track as the form has it: a line of latitude and longitude to a point. */
export const spelled = (track) => track.map(({ latitude, longitude }) => `${latitude.toFixed(6)} ${longitude.toFixed(6)}`).join('\n');

/** The places in a text of the form, as far as its lines are latitude and longitude. */
export const pointsOf = (text) =>
  text.split('\n').map((line) => line.trim().split(/[\s,;]+/).map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
    .map(([latitude, longitude]) => ({ latitude, longitude }));

/** Watches where this phone is. `onFix` hears each fix, or null when this phone does not say. */
export function whereabouts({ trackName, geolocation = navigator.geolocation, now = Date.now }) {
  const listeners = new Set();
  let newest = null;
  let watch = null;
  let track = [];
  let isTracking = false;

  async function hear({ coords, timestamp }) {
    if (now() - timestamp > OLDEST_MS) return;
    newest = { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy, fixed_at: timestamp };
    await follow(newest);
    listeners.forEach((listener) => listener(newest));
  }

  async function follow(fix) {
    const longer = isTracking && fix ? withFix(track, fix) : track;
    if (longer === track) return;
    track = longer;
    await note(trackName, { points: track, is_on: true }).catch(() => null);
  }

  /** Whoever refused may allow it for the next observation: a watch that was refused hears nothing any more. */
  function missed({ code }) {
    if (code === REFUSED) {
      geolocation.clearWatch(watch);
      watch = null;
    }
    listeners.forEach((listener) => listener(null));
  }

  function start() {
    if (!geolocation || watch !== null) return;
    watch = geolocation.watchPosition(hear, missed, {
      enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000,
    });
  }

  async function record(isOn) {
    isTracking = isOn;
    await note(trackName, { points: track, is_on: isOn }).catch(() => null);
    if (!isOn) return;
    start();
    await follow(newest);
  }

  return {
    start,
    record,
    /** The walk is over: nobody is followed any more. What was recorded stays. */
    stop() {
      geolocation?.clearWatch(watch);
      watch = null;
      return record(false);
    },
    /** The newest fix that is not too old, or null. */
    fix: () => (newest && now() - newest.fixed_at <= OLDEST_MS ? newest : null),
    onFix(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    track: () => track,
    isTracking: () => isTracking,
    /** Brings back the track that was begun before the page was left. */
    async restore() {
      const kept = await noted(trackName);
      track = kept?.points ?? [];
      isTracking = Boolean(kept?.is_on);
    },
    async forget() {
      track = [];
      isTracking = false;
      await note(trackName, { points: [], is_on: false });
    },
  };
}
