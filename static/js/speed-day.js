// The day of a session of speed-watch: one that began in the evening may go on past midnight, and no longer than until four.
import { londonDay } from './london.js';

const INTO_THE_NIGHT_MS = 4 * 3_600_000;

const eveningOf = (now) => londonDay(now.getTime() - INTO_THE_NIGHT_MS);

/** Whether the London day on which a session was held is over. */
export const isDayOver = (heldOn, now = new Date()) => heldOn < eveningOf(now);

/** The days whose sessions may go on now: that of the evening first. */
export const daysGoingOn = (now = new Date()) => [...new Set([eveningOf(now), londonDay(now)])];
