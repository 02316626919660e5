// The modules of those who work in the field, as one: residents load none of it.
export { default as observationPage } from './observation-page.js';
export { default as routeDraw } from './route-draw.js';
export { default as rows } from './rows.js';
export { default as walk } from './walk.js';
export { default as walkBefore } from './walk-before.js';
