// What the logging screen shows, drawn from plain facts: the boxes that are typed into, the last five vehicles, the tiles. It
// touches only what has changed, for a slow phone in the sun draws each key as it is pressed.
import { icon } from './dom.js';
import { londonDay } from './london.js';
import { readPlate, spaced } from './plate.js';
import { expected, isClosed } from './speed-keys.js';

export const SHOWN = 5;
const SAY_FOR_MS = 6000;
const PLATE_LENGTH = 7;
const ARROWS = { north: '↑', north_east: '↗', east: '→', south_east: '↘', south: '↓', south_west: '↙', west: '←', north_west: '↖' };
const SHORT = { north_east: 'NE', south_east: 'SE', south_west: 'SW', north_west: 'NW' };
const SURE = { certain: '✓ Sure', part: 'Part of it', unsure: 'Not sure' };
// How far a row is: its icon, and the word for it. What is being written shows no icon yet.
const ON_PHONE = ['device', 'on this phone'];
const AMISS = ['warning', 'needs you'];
const MARKS = { writing: ['device', 'being kept'], unkept: AMISS, parked: AMISS, complete: ['sent', 'sent'] };
const BAR = ['traffic', 'kinds', 'save'];

const clockTime = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'medium' });
const make = (tag, className, textContent) => Object.assign(document.createElement(tag), { className, textContent });
/** A plate of today's style stands with its gap while it is typed. */
const gapped = (plate) => (/^[A-Z]{2}[0-9]{2}/.test(plate) ? `${plate.slice(0, 4)} ${plate.slice(4)}` : plate);
/** Words that stand there already are not laid out again. */
function put(element, words) {
  if (element.textContent !== `${words}`) element.textContent = words;
}
const confidenceWords = ({ confidence }) => ({ part: ' part', unsure: ' ?' })[confidence] ?? '';

export function speedView(element, { threshold, directionWords }) {
  const parts = new Map();
  const drawn = new Map();
  const words = { colour: wordsOf('colour'), make: wordsOf('make') };
  const [speedBox, plateBox] = ['.wb-log__speed', '.wb-log__plate'].map((one) => element.querySelector(one));
  let sayTimer = null;

  function part(name) {
    if (!parts.has(name)) parts.set(name, element.querySelector(`[data-log="${name}"]`));
    return parts.get(name);
  }

  function wordsOf(name) {
    const all = [...element.querySelectorAll(`[data-sheet] [data-${name}]`)].map((tile) => [tile.dataset[name], tile.textContent.trim()]);
    return Object.fromEntries(all);
  }

  const typeWords = (value) => element.querySelector(`[data-vehicle="${value}"]`)?.dataset.short ?? '';

  /** Says something on the screen for a moment. */
  function say(sentence) {
    clearTimeout(sayTimer);
    if (part('say').hidden === Boolean(sentence)) part('say').hidden = !sentence;
    put(part('say'), sentence);
    if (sentence) sayTimer = setTimeout(() => say(''), SAY_FOR_MS);
  }

  function drawEntry(entry, fixing, day) {
    const { speed, plate, cursor, confidence, isOther } = entry;
    const isShut = isClosed(entry, threshold);
    const keys = expected(entry, threshold);
    put(part('speed'), speed || '–');
    put(part('about'), fixing ? `Row ${fixing.number} again` : !speed ? 'speed' : isShut ? `under ${threshold}` : 'plate too');
    part('about').classList.toggle('is-over', Boolean(speed) && !isShut);
    speedBox.classList.toggle('is-here', cursor === 'speed');
    plateBox.classList.toggle('is-here', cursor === 'plate');
    plateBox.classList.toggle('is-closed', isShut);
    drawPlate(isShut, plate, cursor, day);
    put(part('sure'), isShut || (!plate && confidence === 'certain') ? '' : SURE[confidence] + (isOther ? ', other style' : ''));
    part('sure').classList.toggle('is-unsure', confidence !== 'certain' || isOther);
    part('keys').classList.toggle('is-no-digits', !keys.digits);
    part('keys').classList.toggle('is-no-letters', !keys.letters);
    ifChanged('confidence', confidence, () => ['part', 'unsure'].forEach((one) => press(element.querySelector(`[data-key="${one}"]`), confidence === one)));
    ifChanged('other', isOther, () => press(part('is-other'), isOther));
    for (const name of ['colour', 'make']) ifChanged(name, entry[name], () => drawTiles(name, entry[name]));
    put(part('save'), fixing ? 'Save again' : 'Save');
    part('next').hidden = Boolean(fixing);
    // Whoever types hears where they are, and the ring stands where the cursor is; laying it out can wait for the next picture.
    const [box, other] = cursor === 'plate' ? [plateBox, speedBox] : [speedBox, plateBox];
    if (document.activeElement === other) requestAnimationFrame(() => document.activeElement === other && box.classList.contains('is-here') && box.focus({ preventScroll: true }));
  }

  const press = (button, isPressed) => button.setAttribute('aria-pressed', isPressed);

  function ifChanged(name, value, draw) {
    if (drawn.get(name) === value) return;
    drawn.set(name, value);
    draw();
  }

  function drawPlate(isShut, plate, cursor, day) {
    if (isShut) return part('plate').replaceChildren('speed only');
    const { text, kind } = plate ? readPlate(plate, day) : { text: '', kind: 'other' };
    const left = make('span', 'wb-log__left', plate || cursor === 'plate' ? '_'.repeat(Math.max(0, PLATE_LENGTH - plate.length)) : 'Plate');
    left.setAttribute('aria-hidden', Boolean(plate));
    const shown = plate.length < PLATE_LENGTH ? gapped(plate) : spaced(text, kind);
    return part('plate').replaceChildren(shown, ...(cursor === 'plate' ? [make('span', 'wb-log__cursor', '')] : []), left);
  }

  /** What was chosen behind More stands on More, where a narrow screen leaves out its tile too. */
  function drawTiles(name, value) {
    let isShown = !value;
    for (const tile of element.querySelectorAll(`[data-${name}]`)) {
      const isChosen = tile.dataset[name] === value;
      if (isChosen && !tile.closest('dialog') && tile.offsetParent) isShown = true;
      press(tile, isChosen);
    }
    const more = part(`more-${name}`);
    more.lastElementChild.textContent = isShown ? 'More' : words[name][value];
    press(more, !isShown);
  }

  const plateWords = (row) => (row.speed < threshold ? `under ${threshold}` : row.mask || (row.hasPlate ? 'plate sent' : 'no plate'));
  const maskWords = (row) => (row.speed < threshold ? plateWords(row) : plateWords(row) + confidenceWords(row));
  const kindWords = ({ vehicle }) => (vehicle && vehicle !== 'car' ? typeWords(vehicle).toLowerCase() : '');
  const aboutWords = (row) => (row.isOut ? 'taken out' : row.state === 'unkept' ? 'not kept yet' : row.state === 'parked' ? 'not taken' : row.speed < threshold ? 'speed only' : vehicleWords(row));
  const vehicleWords = (row) => [words.colour[row.colour], words.make[row.make] ?? kindWords(row)].filter(Boolean).join(' ');

  function drawRows(rows, { undone, isFixing }) {
    const last = rows.slice(-SHOWN).reverse();
    const shown = undone ? [{ ...undone, isOut: true }, ...last].slice(0, SHOWN) : last;
    const list = part('rows');
    const ids = shown.map(({ id }) => id);
    const before = new Map([...list.children].map((line) => [line.dataset.id, line]));
    const free = [...list.children].filter((line) => !ids.includes(line.dataset.id));
    shown.forEach((row, index) => {
      const line = before.get(row.id) ?? free.pop() ?? newLine();
      drawLine(line, row, index === 0);
      if (list.children[index] !== line) list.insertBefore(line, list.children[index] ?? null);
    });
    while (list.children.length > shown.length) list.lastElementChild.remove();
    const amiss = rows.filter(({ state }) => state === 'parked').length;
    part('none').hidden = shown.length > 0;
    part('undo').disabled = !undone && !rows.length && !isFixing;
    put(part('undo').lastElementChild, isFixing ? 'Leave' : undone ? 'Put back' : 'Undo');
    part('correct').disabled = !rows.length;
    part('correct').classList.toggle('is-wrong', amiss > 0);
    put(part('correct').lastElementChild, amiss ? `Mend ${amiss}` : 'Correct');
  }

  function newLine() {
    const line = make('li', 'wb-log__row', '');
    line.append(make('time', '', ''), make('b', '', ''), make('span', 'wb-log__mask', ''), make('span', 'wb-log__words', ''));
    line.insertAdjacentHTML('beforeend', icon('device'));
    line.dataset.mark = 'device';
    line.append(make('span', 'govuk-visually-hidden', ''));
    return line;
  }

  function drawLine(line, row, isNewest) {
    const [time, speed, plate, about, mark, word] = line.children;
    const [shownMark, words] = MARKS[row.state] ?? ON_PHONE;
    line.dataset.id = row.id;
    put(time, clockTime.format(new Date(row.at)));
    put(speed, row.speed);
    put(plate, maskWords(row));
    put(about, aboutWords(row));
    put(word, words);
    if (line.dataset.mark !== shownMark) mark.outerHTML = icon(shownMark);
    line.dataset.mark = shownMark;
    const marks = { 'is-writing': row.state === 'writing', 'is-newest': isNewest, 'is-sent': row.state === 'complete', 'is-wrong': shownMark === 'warning', 'is-out': Boolean(row.isOut), 'is-unsure': ['part', 'unsure'].includes(row.confidence) };
    for (const [name, isSet] of Object.entries(marks)) line.classList.toggle(name, isSet);
  }

  /** A vehicle in the sheet on which one is corrected. */
  function sheetRow(row) {
    const item = document.createElement('li');
    const button = (value, label) => {
      const one = Object.assign(make('button', 'govuk-button govuk-button--secondary', label), { type: 'button', value: `${value} ${row.id}` });
      one.append(make('span', 'govuk-visually-hidden', ` vehicle ${row.number}`));
      return one;
    };
    const about = `${clockTime.format(new Date(row.at))}, ${row.speed} mph, ${maskWords(row)} ${vehicleWords(row)}`;
    item.append(make('span', row.why ? 'is-wrong' : '', row.why ? `${about}. Not taken: ${row.why}` : about), button('correct', 'Correct'), button('out', 'Take out'));
    return item;
  }

  /** What the next row has besides, as long as nobody changes it. */
  function drawRemembered({ vehicle, direction, directions, isSpokenBack }) {
    put(part('vehicle'), typeWords(vehicle));
    put(part('arrow'), ARROWS[direction] ?? '');
    put(part('direction'), direction ? (SHORT[direction] ?? directionWords(direction).replace('bound', '')) : '–');
    part('direction-button').disabled = directions.length < 2;
    press(part('spoken'), isSpokenBack);
    put(part('spoken'), isSpokenBack ? '✓ Plates are read back aloud' : 'Plates are not read back aloud');
    for (const one of element.querySelectorAll('[data-vehicle]')) press(one, one.dataset.vehicle === vehicle);
  }

  /** The order in the page is the order on the screen, so that Tab goes as the eye does. */
  function putHands(isLeft) {
    const bar = part('bar');
    const inOrder = BAR.map((name) => bar.querySelector(`:scope > .wb-log__${name}`));
    bar.append(...(isLeft ? inOrder.reverse() : inOrder));
    const tools = element.querySelector('.wb-log__tools');
    if (isLeft) tools.parentElement.prepend(tools);
    else part('say').before(tools);
    put(part('hand'), isLeft ? 'Swap: Save to the right' : 'Swap: Save to the left, for the left hand');
  }

  /** The London day of a moment, or of now; it is asked at each key, and worked out once a minute. */
  function dayOf(at) {
    const minute = (at ?? new Date().toISOString()).slice(0, 16);
    if (drawn.get('minute') !== minute) drawn.set('minute', minute).set('day', londonDay(`${minute}Z`));
    return drawn.get('day');
  }

  return {
    part, put, say, dayOf, drawEntry, drawRows, drawRemembered, putHands, sheetRow,
    aloud: (sentence) => (part('aloud').textContent = sentence),
    focus: () => speedBox.focus({ preventScroll: true }),
  };
}
