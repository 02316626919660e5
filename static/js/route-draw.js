// The points of a route, set on the map one after the other, beside the box in which they can be typed. The map's pin is
// moved by a tap or by the arrow keys; each point that is added becomes a line of the box.
import { fragment, icon, isBusy, setBusy } from './dom.js';
import { pointsOf } from './whereabouts.js';

const NO_MAP = 'The map could not be opened. Type the points below.';

export default function routeDraw(box) {
  const typed = box.querySelector('textarea');
  const form = typed.closest('form');
  const panel = fragment(`
    <div class="wb-route">
      <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-route="open" aria-expanded="false">${icon('map')}<span>Draw it on a map</span></button>
      <div data-route="panel" hidden>
        <div data-route="map"></div>
        <div class="wb-button-pair">
          <button type="button" class="govuk-button wb-button-icon" data-route="add">${icon('plus')}<span>Add this point</span></button>
          <button type="button" class="govuk-button govuk-button--secondary wb-button-icon" data-route="undo">${icon('minus')}<span>Take the last one back</span></button>
        </div>
      </div>
      <p role="status" class="wb-quiet"></p>
    </div>`);
  const part = (name) => panel.querySelector(`[data-route="${name}"]`);
  const said = panel.lastElementChild;
  box.prepend(panel);
  let map = null;
  let pin = null;

  function settle(words = '') {
    const points = pointsOf(typed.value);
    map?.line(points);
    said.textContent = [words, points.length ? `${points.length} ${points.length === 1 ? 'point' : 'points'} on the map.` : ''].filter(Boolean).join(' ');
  }

  async function open() {
    if (isBusy(part('open'))) return;
    if (map) return toggle(part('panel').hidden);
    setBusy(part('open'), true);
    try {
      toggle(true);
      const { openPickerMap } = await import('./picker-map.js');
      const place = pointsOf(typed.value).at(-1) ?? null;
      map = await openPickerMap(part('map'), { ...form.dataset, place, onPin: (at) => (pin = at) });
      pin = place;
      settle();
    } catch {
      toggle(false);
      said.textContent = NO_MAP;
    } finally {
      setBusy(part('open'), false);
    }
  }

  function toggle(isShown) {
    part('panel').hidden = !isShown;
    part('open').setAttribute('aria-expanded', isShown);
    part('open').lastElementChild.textContent = isShown ? 'Hide the map' : 'Draw it on a map';
  }

  function write(lines, words) {
    typed.value = lines.join('\n');
    typed.dispatchEvent(new Event('change', { bubbles: true }));
    settle(words);
  }

  const lines = () => typed.value.split('\n').filter((line) => line.trim());
  part('open').addEventListener('click', open);
  part('add').addEventListener('click', () => {
    if (!pin) return settle('Tap the map first.');
    write([...lines(), `${pin.latitude.toFixed(6)} ${pin.longitude.toFixed(6)}`], 'Added.');
  });
  part('undo').addEventListener('click', () => write(lines().slice(0, -1), 'Taken back.'));
  typed.addEventListener('input', () => settle());
}
