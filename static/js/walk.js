// A walk on a phone, without a connection from start to end: the list of what was seen, the map, who is here and the rest,
// and one big button to add what is seen next. All of it is what the phone's store holds; it goes through the one outbox.
import { icon } from './dom.js';
import { holdLock, releaseLock } from './draft.js';
import { onNews } from './news.js';
import { observationScreen } from './observation.js';
import { WAITING } from './outbox.js';
import { freshPack, packOf } from './packs.js';
import { currentPerson, isTheirs, ownerOfPage } from './person.js';
import { wardName } from './ward-labels.js';
import { capturesOfKind } from './shared-captures.js';
import { captureWith, noted } from './store.js';
import { answerTo } from './title.js';
import { keepAnswers, walkWith } from './walk-answers.js';
import { categoryWords, itemOf, showItems, wordsOf } from './walk-items.js';
import { lineOf, lineOfOthers, numberOf, placeOf } from './walk-lines.js';
import { walkMap } from './walk-map.js';
import { walkRest } from './walk-rest.js';
import { walkStart } from './walk-start.js';
import { whereabouts } from './whereabouts.js';

const DRAW_AFTER_MS = 60;
const MINUTE_MS = 60_000;
const NOT_OPENED = 'This phone could not open it. Free some space, then try again. What is in the list is not lost.';
const OPEN_ELSEWHERE = 'It is open in another tab. Close it there, then open it here.';
const NOT_KEPT = 'This phone cannot keep what you changed. Leave this page open, free some space, then come back to it.';
const TABS = ['list', 'map', 'people', 'more'];

export default async function walk(page) {
  const id = new URLSearchParams(location.search).get('id');
  const part = (name) => page.querySelector(`[data-walk="${name}"]`);
  part('start').hidden = false;
  if (!(await canKeep())) {
    part('not-kept').hidden = false;
    part('go-on').hidden = true;
    return;
  }
  const owner = await ownerOfPage();
  if (!id) return startAfresh(page, owner);
  const own = await walkWith(id, owner);
  if (!own || !isTheirs(own, owner)) {
    part('unknown').hidden = false;
    part('sign-in').hidden = owner !== null;
    return walkStart(page, owner);
  }
  // Whoever is still planning it in another tab would lose what they type next.
  if (own.state === 'draft' && !(await holdLock(own.id))) {
    part('elsewhere').hidden = false;
    return walkStart(page, owner);
  }
  part('start').hidden = true;
  part('on').hidden = false;
  document.body.classList.add('is-walking');
  await openWalk(page, part, own, owner);
}

/** Whether anything can be kept here: a private window may refuse. */
const canKeep = () => noted('person').then(() => true, () => false);

/** What this phone knows at once, then what the server knows, when it answers. */
async function startAfresh(page, owner) {
  await walkStart(page, owner);
  if (await freshPack('eva')) await walkStart(page, owner);
}

async function openWalk(page, part, own, owner) {
  const eva = page.querySelector('form[data-kind="eva"]');
  const form = page.querySelector('form[data-kind="observation"]');
  const words = wordsOf(form);
  const where = whereabouts({ trackName: `track:${owner}:${own.id}` });
  await where.restore();
  form.dataset.opens = `/eva/walk?id=${own.id}&draft=`;
  const screen = await observationScreen(form, { owner, walkId: own.id, where, onOpened: opened, onClosed: closed, onStays: markObserving });
  const answers = keepAnswers(eva, own, { onKept, onFailed: () => say(NOT_KEPT) });
  const rest = walkRest(page, eva, { where, keep: answers.keep, count: () => lines.length });
  const shown = new Map();
  let lines = [];
  let silentUntil = 0;
  let drawing = null;
  let isOpening = false;
  let wayBack = null;

  const say = (sentence) => (part('problem').textContent = sentence);
  const newestFirst = (one, other) => numberOf(other) - numberOf(one);
  const nextNumber = () => Math.max(0, ...lines.map(numberOf)) + 1;

  function onKept() {
    say('');
    return draw();
  }

  async function read() {
    const mine = (await capturesOfKind('observation')).filter((one) => one.parent === own.id && isTheirs(one, owner));
    const ids = new Set(mine.map((one) => one.id));
    const held = (await packOf('eva'))?.walks.find((one) => one.id === own.id)?.observations ?? [];
    const others = held.filter((one) => !ids.has(one.id)).map(lineOfOthers);
    return [...mine.map(lineOf), ...others].sort(newestFirst);
  }

  async function draw() {
    lines = await read();
    const waiting = lines.filter((line) => WAITING.includes(line.state));
    const begun = lines.filter((line) => line.state === 'draft').length;
    part('unfinished').hidden = !begun;
    part('unfinished').textContent = `${begun} of the list ${begun === 1 ? 'is' : 'are'} not finished, so ${begun === 1 ? 'it is' : 'they are'} not sent. Open what says “Not finished”.`;
    part('count').textContent = lines.filter((line) => line.state !== 'draft').length;
    part('sent').textContent = lines.filter((line) => line.state === 'complete').length;
    part('saved').textContent = waiting.length;
    part('time').textContent = rest.duration();
    part('title').textContent = answerTo(eva, 'title') || answerTo(eva, 'ward_code') || 'A walk';
    part('here').textContent = rest.hereCount();
    part('same').hidden = !lines.some((line) => line.answers.category);
    rest.settle();
    showItems(part('items'), lines.map((line) => itemFor(line)));
    part('nothing').hidden = lines.length > 0;
    if (!part('tab-map').hidden) await drawMap();
    await sayConnection(waiting);
  }

  function itemFor(line) {
    const now = JSON.stringify([line.state, line.answers, line.photo, line.reference, line.is_light]);
    const before = shown.get(line.id);
    if (before?.now === now) return before.element;
    const element = itemOf(line, words, openLine);
    shown.set(line.id, { now, element });
    return element;
  }

  async function sayConnection(waiting) {
    const person = await currentPerson();
    const stuck = lines.filter((line) => line.state === 'parked').length;
    const { problem } = await captureWith(own.id);
    const isSilent = navigator.onLine === false || silentUntil > Date.now();
    const banner = part('banner');
    const [mark, sentence] = banner.children;
    if (problem?.errors || problem?.code === 'clash') return sayWalkIsStuck(banner, problem);
    banner.hidden = !waiting.length && !isSilent;
    banner.className = `wb-note wb-note--${stuck ? 'act' : 'phone'}`;
    mark.innerHTML = icon(stuck ? 'warning' : 'device');
    const bold = stuck ? 'Something needs you.' : isSilent ? 'No signal. Nothing is lost.' : person?.is_signed_in ? 'Sending.' : 'Signed out.';
    const more = stuck
      ? `${stuck} must be looked at: open what says “Needs you”.`
      : !waiting.length
        ? 'You can go on.'
        : !isSilent && !person?.is_signed_in
          ? `Sign in to send ${waiting.length}. Go on meanwhile.`
          : `${waiting.length} saved here ${waiting.length === 1 ? 'goes' : 'go'} by ${waiting.length === 1 ? 'itself' : 'themselves'}${isSilent ? ' when it is back' : ''}.`;
    sentence.replaceChildren(Object.assign(document.createElement('strong'), { textContent: bold }), ` ${more}`);
  }

  /** The walk's own answers were not taken, or changed elsewhere too: what was seen goes all the same. */
  function sayWalkIsStuck(banner, { code, words, errors, compare_url: address }) {
    const [mark, sentence] = banner.children;
    banner.hidden = false;
    banner.className = 'wb-note wb-note--act';
    mark.innerHTML = icon('warning');
    const bold = Object.assign(document.createElement('strong'), { textContent: 'The walk itself needs you.' });
    const more = code === 'clash' ? 'Somebody changed it elsewhere too. Both are kept.' : Object.values(errors ?? {}).flat().join(' ') || words;
    const link = address ? [Object.assign(document.createElement('a'), { className: 'govuk-link wb-cell-link', href: address, textContent: 'Compare and choose' })] : [];
    sentence.replaceChildren(bold, ` ${more} `, ...link);
  }

  async function drawMap() {
    const pack = await packOf('eva');
    const code = eva.elements.ward_code.value;
    const feature = pack?.wards.features.find(({ properties }) => properties.code === code || wardName(properties) === answerTo(eva, 'ward_code'));
    const seen = lines.map((line) => ({ number: numberOf(line), place: placeOf(line), words: `${numberOf(line)}. ${categoryWords(line, words)}` }));
    const without = seen.filter((one) => !one.place).length;
    const picture = walkMap({ seen, track: where.track(), route: rest.route(), here: where.fix(), feature, label: `Map of ${seen.length - without} observations; the list says the same in words` });
    part('map').replaceChildren(...(picture ? [picture] : []));
    part('map-words').textContent = picture
      ? without ? `${without} without a position ${without === 1 ? 'is' : 'are'} in the list only.` : ''
      : 'Nothing has a position yet.';
  }

  function drawSoon() {
    drawing ??= new Promise((resolve) => setTimeout(resolve, DRAW_AFTER_MS)).then(() => {
      drawing = null;
      return draw().catch((error) => console.error(error));
    });
  }

  function showTab(name) {
    for (const tab of TABS) {
      part(`tab-${tab}`).hidden = tab !== name;
      const button = page.querySelector(`[data-tab="${tab}"]`);
      button.setAttribute('aria-selected', tab === name);
      button.tabIndex = tab === name ? 0 : -1;
    }
    if (name === 'map') drawMap();
  }

  function openScreen(isOpen) {
    part('on').hidden = isOpen;
    document.body.classList.toggle('is-observing', isOpen);
  }

  function markObserving() {
    if (location.hash !== '#add') history.pushState({ observing: true }, '', '#add');
  }

  /** Opens the screen by `open`, one at a time and once the way back from the last one is done. Where it cannot be opened
   * the list stays, and says why. */
  async function openBy(open) {
    if (isOpening || screen.isOpen()) return;
    isOpening = true;
    say('');
    try {
      await wayBack;
      await open();
    } catch {
      say(NOT_OPENED);
    } finally {
      isOpening = false;
    }
  }

  const add = (like = null) =>
    openBy(async () => {
      // Read afresh: the list may not be drawn yet with what was saved a moment ago, here or in another tab.
      lines = await read();
      await screen.open(nextNumber(), like);
    });

  const openLine = (line) =>
    openBy(async () => {
      if (!line.is_light && !(await screen.openAgain(line.id))) say(OPEN_ELSEWHERE);
    });

  function opened() {
    markObserving();
    openScreen(true);
  }

  function closed(savedId) {
    openScreen(false);
    if (location.hash === '#add') {
      wayBack = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
      history.back();
    }
    if (savedId) part('aloud').textContent = 'Saved on this phone.';
    drawSoon();
    part('add').focus({ preventScroll: true });
  }

  part('add').addEventListener('click', () => add());
  part('same').addEventListener('click', () => {
    const last = lines.find((line) => line.answers.category);
    if (last) add(last.answers);
  });
  page.querySelector('[role="tablist"]').addEventListener('click', ({ target }) => {
    const tab = target.closest('[data-tab]');
    if (tab) showTab(tab.dataset.tab);
  });
  page.querySelector('[role="tablist"]').addEventListener('keydown', ({ key, target }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(target.dataset.tab) + step + TABS.length) % TABS.length];
    showTab(next);
    page.querySelector(`[data-tab="${next}"]`).focus();
  });
  window.addEventListener('popstate', () => screen.isOpen() && screen.putAway());
  // After a refresh no screen is open: going back from the next one must find the list before it.
  if (location.hash === '#add') history.replaceState(null, '', location.pathname + location.search);
  window.addEventListener('online', drawSoon);
  window.addEventListener('offline', drawSoon);
  onNews((news) => {
    // How far a photo has got is not in the list.
    if (news.total) return;
    if (news.silent_until) silentUntil = news.silent_until;
    else if (news.id) silentUntil = 0;
    drawSoon();
  });
  setInterval(() => (part('time').textContent = rest.duration()), MINUTE_MS / 2);
  showTab('list');
  // What a draft held goes on its way now that its walk is open.
  if (own.state === 'draft') await answers.keep().then(releaseLock);
  if (rest.hasBegun()) where.start();
  await draw();
  const draft = new URLSearchParams(location.search).get('draft');
  const line = draft && lines.find((one) => one.id === draft);
  if (line) await openLine(line);
  else if (await freshPack('eva')) await answers.catchUp().then(drawSoon);
}
