// Masking a photo: areas are drawn on it with the pointer or moved with the arrow keys, and the form's own rows are
// filled with them. The rows stay the one truth that is sent: what is typed there is drawn as well.
import { fragment } from './dom.js';
import { addRow } from './rows.js';

const STEP = 1;
const LEAST = 1;
const FIRST = { x: 45, y: 45, width: 10, height: 10 };
const PARTS = ['x', 'y', 'width', 'height'];
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const between = (least, value, most) => Math.min(Math.max(least, value), most);
const tenth = (value) => Math.round(value * 10) / 10;

/** The area kept inside the photo, in tenths of a per cent. */
export function inside({ x, y, width, height }) {
  const wide = between(LEAST, width, 100);
  const high = between(LEAST, height, 100);
  return { x: tenth(between(0, x, 100 - wide)), y: tenth(between(0, y, 100 - high)), width: tenth(wide), height: tenth(high) };
}

/** The area between two points, whichever was first. */
export function spanned(from, to) {
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
}

/** The area after a key, or null: arrows move it, with Shift they make it larger or smaller. */
export function moved(area, key, isSize) {
  if (!MOVES[key]) return null;
  const [across, down] = MOVES[key];
  if (!isSize) return inside({ ...area, x: area.x + across, y: area.y + down });
  return inside({
    ...area,
    width: between(LEAST, area.width + across, 100 - area.x),
    height: between(LEAST, area.height + down, 100 - area.y),
  });
}

export default function mask(box) {
  const set = document.querySelector('.wb-mask__form .wb-rows');
  const drawing = box.querySelector('.wb-mask__areas');
  const panel = fragment(`
    <div>
      <p class="govuk-hint" id="mask-keys">Draw over what must not be seen. With the keys: the arrows move the newest area, with Shift they change its size.</p>
      <button type="button" class="govuk-button govuk-button--secondary">Put an area on the photo</button>
      <p class="govuk-visually-hidden" role="status"></p>
    </div>`);
  const [, button, aloud] = panel.children;
  box.after(panel);
  box.tabIndex = 0;
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', 'The photo: areas to mask');
  box.setAttribute('aria-describedby', 'mask-keys');
  let current = null;
  let from = null;

  const rows = () => [...set.querySelectorAll('.wb-row')];
  const inputs = (row) => PARTS.map((part) => row.querySelector(`[name="areas-${part}"]`));
  const isEmpty = (row) => inputs(row).every((input) => input.value === '');

  function read(row) {
    const values = inputs(row).map((input) => Number(input.value.replace(',', '.').replace('%', '')));
    if (isEmpty(row) || values.some((value) => Number.isNaN(value))) return null;
    return Object.fromEntries(PARTS.map((part, index) => [part, values[index]]));
  }

  function write(row, area) {
    inputs(row).forEach((input, index) => (input.value = area[PARTS[index]]));
    draw();
  }

  function draw() {
    drawing.querySelectorAll('.wb-mask__new').forEach((rect) => rect.remove());
    for (const row of rows()) {
      const area = read(row);
      if (!area) continue;
      const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      rect.setAttribute('class', `wb-mask__new${row === current ? ' is-current' : ''}`);
      PARTS.forEach((part) => rect.setAttribute(part, Math.max(0, area[part])));
      drawing.append(rect);
    }
  }

  function begin(area) {
    // Whoever draws goes on drawing: the page must not move to the row under their pointer.
    current = rows().find(isEmpty) ?? addRow(set);
    write(current, inside(area));
    set.dispatchEvent(new CustomEvent('wardbook:filled'));
  }

  function say() {
    const area = current && read(current);
    if (!area) return;
    const number = rows().indexOf(current) + 1;
    aloud.textContent = `Area ${number}: ${area.x}% from the left, ${area.y}% from the top, ${area.width}% wide, ${area.height}% high.`;
  }

  function pointOf(event) {
    const { left, top, width, height } = drawing.getBoundingClientRect();
    return {
      x: between(0, ((event.clientX - left) / width) * 100, 100),
      y: between(0, ((event.clientY - top) / height) * 100, 100),
    };
  }

  box.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    box.focus();
    box.setPointerCapture(event.pointerId);
    from = pointOf(event);
    current = null;
  });
  box.addEventListener('pointermove', (event) => {
    if (!from) return;
    const area = spanned(from, pointOf(event));
    // A press that hardly moves draws nothing.
    if (!current && area.width < LEAST && area.height < LEAST) return;
    if (current) write(current, inside(area));
    else begin(area);
  });
  for (const end of ['pointerup', 'pointercancel']) {
    box.addEventListener(end, () => {
      from = null;
      say();
    });
  }

  button.addEventListener('click', () => {
    begin(FIRST);
    box.focus();
    say();
  });
  box.addEventListener('keydown', (event) => {
    if (event.target !== box || !MOVES[event.key]) return;
    const last = current ?? rows().findLast((row) => read(row));
    if (!last) return;
    event.preventDefault();
    current = last;
    write(last, moved(read(last), event.key, event.shiftKey));
    say();
  });
  set.addEventListener('input', draw);
  draw();
}
