// The start of a session: where, with what, who, and whether it may begin at all, decided here from what this phone was told
// last. A second phone joins with four letters. Whatever is typed is kept as it is typed.
import { readAnswers, writeAnswers } from './answers.js';
import { fragment } from './dom.js';
import { londonDay } from './london.js';
import { WAITING } from './outbox.js';
import { freshPack, packNoted, packOf } from './packs.js';
import { currentPerson } from './person.js';
import { begin, draftName, forgetSession, sessionId, sessionNote, sessionsOf } from './speed-beginning.js';
import { newCode } from './speed-code.js';
import { isDayOver } from './speed-day.js';
import { joining, NOT_KEPT } from './speed-join.js';
import { capturesOf, queueCount } from './speed-session.js';
import { ofDevice, ofLight, ofMember, ofSite, startProblems } from './speed-start.js';
import { note, noted } from './store.js';

const KIND = 'speed_watch';
const KEEP_AFTER_MS = 300;
// Before the lines of its vehicles go, a week after each was sent: figures of half of them would be wrong.
const KEEP_FOR_MS = 6 * 86_400_000;
const NO_PACK = 'The lists of sites, people and devices are not on this phone. Fetch them while there is a signal: they are good for 7 days.';
const OLD_PACK = (day) => `The lists on this phone are of ${day}, too old to say whether a session may begin. Fetch them while there is a signal.`;
const ASKING = 'Fetching the lists of sites, people and devices.';
const NO_ANSWER = 'Nobody answered. Try again where there is a signal, signed in.';

const dayWords = (at) => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
const clockTime = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
const wordsOf = (found) => [...found].map(([, words]) => words);
const values = (answers, name) => (answers[name] ?? []).filter(Boolean);

export async function beginPage(page, owner, isUnknown) {
  const element = page.part('start');
  const part = (name) => element.querySelector(`[data-start="${name}"]`);
  const form = part('begin-form');
  let pack = null;
  let timer = null;
  let isWarned = false;
  let isBusy = false;
  // What is ticked is so on the day on which it is ticked.
  let tickedOn = londonDay(new Date());
  const join = joining({ part, pack: () => pack, owner, isSpokenBack: () => values(readAnswers(form), 'is_spoken_back').length > 0, once, leaveFor });

  /** The sessions of this phone: what was counted and not queued when the page was killed goes on its way. */
  async function showSessions() {
    const mine = owner === null ? [] : await sessionsOf(owner);
    const list = part('sessions');
    list.replaceChildren();
    for (const session of mine) {
      await queueCount(session, page).catch(() => null);
      const held = await capturesOf(session);
      if (isDone(session, held)) {
        await forgetSession(session).catch(() => null);
        continue;
      }
      const stuck = held.some(({ state }) => state === 'parked') ? ', not all of it was taken' : '';
      const item = fragment('<li><a class="govuk-link wb-cell-link"></a><span class="wb-quiet"></span></li>');
      item.firstElementChild.href = `/speed-watch/log?id=${session.id}`;
      item.firstElementChild.textContent = session.ended_at ? session.site.name : `${isDayOver(session.held_on) ? 'End' : 'Go on'}: ${session.site.name}`;
      item.lastElementChild.textContent = `${dayWords(session.began_at)}, ${clockTime(session.began_at)}${session.ended_at ? `, ended ${clockTime(session.ended_at)}` : ''}${stuck}`;
      list.append(item);
    }
    part('going').hidden = !list.children.length;
  }

  /** Over for so long that nothing is asked of it any more, and all of it was sent. */
  function isDone(session, held) {
    const isLongOver = session.ended_at && Date.now() - Date.parse(session.ended_at) > KEEP_FOR_MS;
    return isLongOver && !held.some(({ state }) => WAITING.includes(state));
  }

  async function showPack({ isAsking = false, isFresh = false } = {}) {
    const kept = owner === null ? null : await packNoted(KIND);
    const isGood = Boolean(kept) && Date.parse(kept.expires_at) > Date.now();
    pack = isGood ? kept.content : null;
    part('no-pack').hidden = isGood || owner === null;
    part('no-pack-words').textContent = isAsking ? ASKING : kept ? OLD_PACK(dayWords(kept.fetched_at)) : NO_PACK;
    part('forms').hidden = !isGood;
    if (!isGood) return;
    part('pack-words').textContent = `Lists of ${dayWords(kept.fetched_at)}, ${clockTime(kept.fetched_at)}. Good until ${dayWords(kept.expires_at)}.`;
    // Once the lists are there, what was typed is what stands in the form.
    const typed = form.dataset.isFilled ? readAnswers(form) : ofToday(await noted(draftName(owner)));
    showSchemes();
    showSites();
    showThings(values(typed ?? {}, 'scheme')[0]);
    if (typed) writeAnswers(form, typed);
    form.dataset.isFilled = 'yes';
    settle();
    if (typed) writeAnswers(form, typed);
    settle();
    join.showOpen(isFresh);
  }

  /** What was typed, without what was so on an earlier day. */
  function ofToday(typed) {
    const { safety, dark_reason: dark, weather, light, road_surface: road, ...stays } = typed ?? {};
    return typed && (typed.typed_on?.[0] === tickedOn ? typed : stays);
  }

  function showSchemes() {
    const before = form.elements.scheme.value;
    form.elements.scheme.replaceChildren(...pack.schemes.map(({ id, name }) => new Option(name, id)));
    if (before) form.elements.scheme.value = before;
    part('scheme').hidden = pack.schemes.length < 2;
  }

  function choice(type, name, value, label, why = []) {
    const id = `${name}-${value}`;
    const item = fragment(`<div class="govuk-${type}__item"><input class="govuk-${type}__input"><label class="govuk-label govuk-${type}__label"></label></div>`);
    const [input, words] = item.children;
    Object.assign(input, { type: type === 'radios' ? 'radio' : 'checkbox', name, value, id });
    words.htmlFor = id;
    words.textContent = label;
    for (const sentence of why) {
      const said = fragment('<span class="wb-speed__why"></span>');
      said.textContent = sentence.split('. ')[0].replace(/\.?$/, '.');
      words.append(said);
    }
    return item;
  }

  /** The sites, and why one could not be watched now, whoever is there; the light is asked when it begins. */
  function showSites() {
    const today = londonDay(new Date());
    const all = pack.sites.map((site) => [site, wordsOf(ofSite(site, today))]);
    const label = ({ name, code, limit_mph: limit }) => `${name}, ${limit ?? '?'} mph (${code})`;
    const may = all.filter(([, why]) => !why.length);
    const others = all.filter(([, why]) => why.length);
    part('sites').replaceChildren(...may.map(([site]) => choice('radios', 'site', site.code, label(site))));
    part('other-sites').replaceChildren(...others.map(([site, why]) => choice('radios', 'site', site.code, label(site), why)));
    part('others').hidden = !others.length;
    part('others').querySelector('summary span').textContent = `${others.length} that cannot be watched now, and why`;
    const join = element.querySelector('[name="join_site"]');
    const before = join.value;
    join.replaceChildren(new Option('Choose', ''), ...may.map(([site]) => new Option(label(site), site.code)));
    join.value = before;
  }

  /** The devices and people of one scheme. */
  function showThings(wanted) {
    const scheme = Number(wanted || form.elements.scheme.value);
    const own = (one) => one.scheme === scheme;
    const today = londonDay(new Date());
    part('devices').replaceChildren(
      ...pack.devices.filter(own).map((device) => choice('radios', 'device', device.id, [device.name, device.serial].filter(Boolean).join(', '), wordsOf(ofDevice(device, today)))),
    );
    part('crew').replaceChildren(
      ...pack.volunteers.filter(own).map((one) => {
        const item = choice('checkboxes', 'crew', one.id, one.name, wordsOf(ofMember(one, today)));
        const role = document.querySelector('[data-role-choices]').cloneNode(true);
        role.removeAttribute('data-role-choices');
        Object.assign(role, { name: `role-${one.id}`, hidden: true, id: `role-${one.id}` });
        role.setAttribute('aria-label', `What ${one.name} does`);
        item.append(role);
        return item;
      }),
    );
  }

  const site = (code = values(readAnswers(form), 'site')[0]) => pack.sites.find((one) => one.code === code);
  const members = () => pack.volunteers.filter((one) => values(readAnswers(form), 'crew').includes(`${one.id}`));
  const device = () => pack.devices.find((one) => `${one.id}` === values(readAnswers(form), 'device')[0]) ?? null;

  /** What depends on what was chosen. */
  function settle() {
    const chosen = site();
    const about = part('about-site');
    const more = chosen ? [['Parking', chosen.parking], ['Hazards', chosen.hazards], ['Notes', chosen.notes]].filter(([, words]) => words) : [];
    about.hidden = !more.length;
    about.replaceChildren(...more.map(([name, words]) => {
      const line = fragment('<p class="govuk-body"><strong></strong> </p>');
      line.firstElementChild.textContent = `${name}:`;
      line.append(words);
      return line;
    }));
    if (chosen && part('others').querySelector('input:checked')) part('others').open = true;
    showDirections(chosen?.directions ?? []);
    const crew = members();
    for (const role of element.querySelectorAll('[data-start="crew"] select')) {
      role.hidden = !crew.some(({ id }) => role.name === `role-${id}`);
    }
    part('crew-count').textContent = crew.length ? `${crew.length} ${crew.length === 1 ? 'is' : 'are'} chosen.` : 'Nobody is chosen yet.';
    const guidance = ['weather', 'road_surface'].map((name) => form.elements[name].selectedOptions[0]?.dataset.guidance).filter(Boolean);
    part('guidance').hidden = !guidance.length;
    part('guidance').textContent = guidance.join(' ');
    const now = new Date();
    const today = londonDay(now);
    const isDark = Boolean(chosen) && wordsOf(ofLight(today, now, chosen.daylight?.[today] ?? [], '')).length > 0;
    part('dark').hidden = !isDark;
  }

  function showDirections(directions) {
    const box = part('directions').querySelector('.govuk-radios');
    if (box.dataset.of === directions.join()) return;
    box.dataset.of = directions.join();
    box.replaceChildren(...directions.map((one) => choice('radios', 'direction', one, page.directionWords(one))));
    part('directions').hidden = directions.length < 2;
  }

  function keepTyped() {
    clearTimeout(timer);
    timer = null;
    return note(draftName(owner), { ...readAnswers(form), typed_on: [tickedOn] }).catch(() => null);
  }

  function changed({ target }) {
    if (target.name === 'scheme') showThings();
    settle();
    part('problems').hidden = true;
    part('unticked').hidden = true;
    isWarned = false;
    clearTimeout(timer);
    timer = setTimeout(keepTyped, KEEP_AFTER_MS);
  }

  function complain(sentences) {
    const box = part('problems');
    box.querySelector('ul').replaceChildren(...sentences.map((words) => Object.assign(document.createElement('li'), { textContent: words })));
    box.hidden = false;
    box.focus();
  }

  const unticked = () => [...form.querySelectorAll('[name="safety"]:not(:checked)')].map((box) => box.labels[0].textContent.trim());

  /** A page that stayed open overnight: what was so yesterday is to be looked at again, and it may be dark by now. */
  function lookAgain() {
    const today = londonDay(new Date());
    if (today !== tickedOn) for (const box of form.querySelectorAll('[name="safety"]')) box.checked = false;
    tickedOn = today;
    if (pack) settle();
  }

  /** Plates in words: what finds them comes with the end of a session. */
  async function wrongWords(words) {
    const { IN_WORDS, standsIn } = await import('./speed-end.js');
    return standsIn(words) ? [IN_WORDS] : [];
  }

  async function start() {
    lookAgain();
    if (!(await packOf(KIND))) {
      await showPack();
      return window.scrollTo(0, 0);
    }
    const chosen = site();
    const facts = { at: new Date().toISOString(), dark_reason: form.elements.dark_reason.value, site: chosen, members: members(), device: device() };
    const problems = [
      ...(chosen ? [] : ['Choose the site where you are.']),
      ...(facts.device ? [] : ['Choose the device.']),
      ...(chosen ? startProblems(facts).map(({ words }) => words) : []),
      ...(chosen && chosen.directions.length > 1 && !values(readAnswers(form), 'direction').length ? ['Choose the direction that you watch.'] : []),
      ...(part('dark').hidden ? [] : await wrongWords(form.elements.dark_reason.value)),
    ];
    if (problems.length) return complain(problems);
    const open = unticked();
    if (open.length && !isWarned) {
      isWarned = true;
      part('unticked').hidden = false;
      part('unticked').querySelector('p').textContent = `Not ticked: ${open.join('; ')}. Tick what is so, or press again to begin all the same.`;
      return;
    }
    const session = await newSession(chosen);
    // What was typed goes with the session that begins: nothing writes it down again as this page goes.
    clearTimeout(timer);
    timer = null;
    try {
      await begin(session, page);
    } catch {
      return complain([NOT_KEPT]);
    }
    return leaveFor(`/speed-watch/log?id=${session.id}&new`);
  }

  /** Opens the log. True: this page has done what it can do, and no later press does it again. */
  function leaveFor(address) {
    navigator.storage?.persist?.().catch(() => null);
    location.assign(address);
    return true;
  }

  async function newSession(chosen) {
    const typed = readAnswers(form);
    const now = new Date();
    const heldOn = londonDay(now);
    const code = newCode(chosen.code, heldOn);
    const [year, month, day] = heldOn.split('-').map((one) => `${Number(one)}`);
    const crew = members();
    const direction = values(typed, 'direction')[0] ?? chosen.directions[0] ?? '';
    const all = {
      site: [chosen.code], 'held_on-day': [day], 'held_on-month': [month], 'held_on-year': [year], began_moment: [now.toISOString()],
      device: values(typed, 'device'), 'crew-volunteer': crew.map(({ id }) => `${id}`), 'crew-role': crew.map(({ id }) => typed[`role-${id}`]?.[0] ?? ''),
      direction: [direction], safety: values(typed, 'safety'), weather: values(typed, 'weather'), light: values(typed, 'light'),
      road_surface: values(typed, 'road_surface'), dark_reason: part('dark').hidden ? [] : values(typed, 'dark_reason'),
      has_all_speeds: values(typed, 'has_all_speeds'), join_code: [code], limit_mph: [`${chosen.limit_mph}`],
    };
    return sessionNote({
      id: await sessionId(chosen.code, heldOn, code), owner, site: chosen, threshold: pack.thresholds[chosen.limit_mph], limit: chosen.limit_mph,
      heldOn, beganAt: now.toISOString(), code, isJoined: false, crew: crew.length, direction, hasAllSpeeds: values(typed, 'has_all_speeds')[0] === 'yes',
      isSpokenBack: values(typed, 'is_spoken_back').length > 0, answers: Object.fromEntries(Object.entries(all).filter(([, given]) => given.some(Boolean))),
    });
  }

  /** One press at a time, and none once a session has begun. */
  async function once(act) {
    if (isBusy) return;
    isBusy = true;
    let isLeaving = false;
    try {
      isLeaving = (await act()) === true;
    } finally {
      isBusy = isLeaving;
    }
  }

  form.addEventListener('input', changed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    once(start);
  });
  part('fetch').addEventListener('click', () =>
    once(async () => {
      const isThere = (await freshPack(KIND)) && (await currentPerson());
      if (isThere) await showPack({ isFresh: true });
      else part('no-pack-words').textContent = NO_ANSWER;
    }),
  );
  const keepNow = () => timer && keepTyped();
  window.addEventListener('pagehide', keepNow);
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? keepNow() : lookAgain()));
  // Back from the log this page would still show what has begun since.
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

  part('unknown').hidden = !isUnknown;
  part('nobody').hidden = owner !== null;
  await showSessions();
  const mayAsk = owner !== null && navigator.onLine !== false;
  await showPack({ isAsking: mayAsk });
  // What others began, and what changed at a desk, comes in when somebody answers.
  const isFresh = mayAsk && (await freshPack(KIND));
  if (isFresh || !pack) await showPack({ isFresh });
}
