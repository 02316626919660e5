// Why a session of speed-watch may not begin, decided on the phone from what it was told last. rules/speed_start.py says the same
// on the server, word for word: both are held to tests/js/start-cases.json.
import { inLondon, londonDay } from './london.js';

const WATCHED = [20, 30, 40];
const CREW_LEAST = 2;
const CREW_MOST = 5;

const NOT_APPROVED = {
  requested: 'This site has been asked for and is not approved yet.',
  assessed: 'This site has been assessed and is not approved yet.',
  suspended: 'This site is suspended.',
  retired: 'This site is not used any more.',
};

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function inFull(day) {
  const [year, month, number] = day.split('-').map(Number);
  return `${number} ${MONTHS[month - 1]} ${year}`;
}

const withWeekday = (day) => `${WEEKDAYS[new Date(`${day}T12:00:00Z`).getUTCDay()]} ${inFull(day)}`;
const toTheMinute = (at) => Math.floor(new Date(at).getTime() / 60_000);

// ISO days sort as days do: what is due today is still valid today.
const isBefore = (day, other) => Boolean(day) && day < other;

export function* ofSite(site, day) {
  if (site.status !== 'approved') {
    yield ['site_not_approved', `${NOT_APPROVED[site.status] ?? 'This site is not approved.'} Choose another site, or ask your coordinator.`];
  }
  if (!site.review_due_on) {
    // What was only asked for has no assessment that could lapse.
    if (site.status !== 'requested') {
      yield ['assessment_lapsed', 'This site’s risk assessment has no review date. Choose another site, or ask for a new assessment.'];
    }
  } else if (isBefore(site.review_due_on, day)) {
    yield ['assessment_lapsed', `This site’s risk assessment ran out on ${inFull(site.review_due_on)}. Choose another site, or ask for a new assessment.`];
  }
  if (!WATCHED.includes(site.limit_mph)) {
    const has = (site.limit_mph ?? null) === null ? 'this site’s limit is not known' : `this one has ${site.limit_mph} mph`;
    yield ['limit_not_watched', `Speed-watch is for roads with a limit of 20, 30 or 40 mph, and ${has}. Choose another site.`];
  }
}

function* ofCrew(count, maxCrew) {
  const most = Math.min(CREW_MOST, maxCrew ?? CREW_MOST);
  if (count < CREW_LEAST) {
    const chosen = count === 0 ? 'nobody is chosen' : 'only 1 is chosen';
    yield ['crew_too_few', `A session needs at least ${CREW_LEAST} people, and ${chosen}. Add somebody who is trained.`];
  }
  if (count > most) {
    const has = most === CREW_MOST ? 'A session has' : 'This site has room for';
    yield ['crew_too_many', `${has} at most ${most} ${most === 1 ? 'person' : 'people'}, and ${count} are chosen. Leave somebody out.`];
  }
}

export function* ofMember(member, day) {
  const { name } = member;
  if (!member.is_active) {
    yield ['member_inactive', `${name} is not an active volunteer now. Choose somebody else, or ask your coordinator.`];
  }
  if (!member.is_over_18) {
    yield ['member_under_18', `Nobody has confirmed that ${name} is 18 or over. Choose somebody else, or ask your coordinator to confirm it.`];
  }
  if (!member.trained_on || member.trained_on > day) {
    const when = member.trained_on ? ` before ${inFull(member.trained_on)}` : '';
    yield ['member_untrained', `${name} is not trained${when}. Choose somebody else, or ask your coordinator to book a training.`];
  } else if (isBefore(member.refresher_due_on, day)) {
    yield [
      'member_lapsed',
      `${name}’s training ran out on ${inFull(member.refresher_due_on)}. Choose somebody else, or ask your coordinator to book a refresher.`,
    ];
  }
}

export function* ofDevice(device, day) {
  const { name, calibration_due_on: due } = device;
  if (!device.is_active) yield ['device_retired', `The ${name} is not in use any more. Choose another device.`];
  if (device.needs_calibration && (!due || isBefore(due, day))) {
    const since = due ? `was to be calibrated by ${inFull(due)}` : 'has no date of calibration';
    yield ['device_uncalibrated', `The ${name} ${since}. Choose another device, or ask your coordinator to have it calibrated.`];
  }
}

export function* ofLight(day, at, [sunrise, sunset], darkReason) {
  if ((darkReason ?? '').trim()) return;
  if (!sunrise || !sunset) {
    yield ['no_daylight', `When it is light at this site on ${withWeekday(day)} is not known here. Say why you watch all the same.`];
    return;
  }
  // To the minute, as clocks show it: at 15:55 and some seconds a sunset of 15:55 has not passed.
  if (toTheMinute(at) < toTheMinute(sunrise) || toTheMinute(at) > toTheMinute(sunset)) {
    yield [
      'no_daylight',
      `On ${withWeekday(day)} it is light at this site from ${inLondon(sunrise).time} to ${inLondon(sunset).time}. Begin within that time, or say why you watch outside it.`,
    ];
  }
}

/**
 * `[{code, words}]`, one for each thing and person; empty when the session may begin. Facts as a pack holds them:
 * `{at, dark_reason, site: {status, limit_mph, review_due_on, max_crew, daylight: {day: [sunrise, sunset]}}, members:
 * [{name, is_active, is_over_18, trained_on, refresher_due_on}], device: {name, needs_calibration, is_active,
 * calibration_due_on} or null}`. Days are `2026-11-29`, moments ISO; `name` of a device is its type in words.
 */
export function startProblems({ at, dark_reason: darkReason, site, members, device }) {
  const day = londonDay(at);
  return [
    ...ofSite(site, day),
    ...ofCrew(members.length, site.max_crew),
    ...members.flatMap((member) => [...ofMember(member, day)]),
    ...(device ? ofDevice(device, day) : []),
    ...ofLight(day, at, site.daylight?.[day] ?? [], darkReason),
  ].map(([code, words]) => ({ code, words }));
}
