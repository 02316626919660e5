// The modules of the log of speed-watch, as one: neither residents nor whoever walks loads any of it.
export { default } from './speed-log.js';
