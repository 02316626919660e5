// The one script every page loads. It looks for elements that ask for a module and fetches only those; a page
// without any costs nothing more. Pages are complete without it: a module that fails to load takes nothing away.

const ofField = (name) => () => import('./field.js').then((field) => ({ default: field[name] }));

const modules = {
  'capture-form': () => import('./capture-form.js'),
  'capture-sent': () => import('./capture-sent.js'),
  'copy': () => import('./copy.js'),
  'entry-form': () => import('./entry-form.js'),
  'place-form': () => import('./place-form.js'),
  'govuk-character-count': () => import('./character-count.js'),
  'govuk-radios': () => import('./conditional.js'),
  'govuk-checkboxes': () => import('./conditional.js'),
  'govuk-error-summary': () => import('./error-summary.js'),
  'govuk-password-input': () => import('./password-input.js'),
  'outbox-badge': () => import('./outbox-badge.js'),
  'outbox-page': () => import('./outbox-page.js'),
  'row-keys': () => import('./row-keys.js'),
  'observation-page': ofField('observationPage'),
  'route-draw': ofField('routeDraw'),
  'rows': ofField('rows'),
  'speed-log': () => import('./speed.js'),
  'walk': ofField('walk'),
  'walk-before': ofField('walkBefore'),
  'sign-out': () => import('./sign-out.js'),
  'mask': () => import('./mask.js'),
  'hazard': () => import('./hazard.js'),
};

/** Starts each module named in `data-module` once per element. */
async function start(element) {
  const load = modules[element.dataset.module];
  if (!load) return;
  try {
    const module = await load();
    await module.default(element);
  } catch (error) {
    element.classList.add('has-failed');
    console.error(error);
  }
}

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
document.querySelectorAll('[data-module]').forEach(start);
