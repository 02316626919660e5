// A phone's store without a browser.
import 'fake-indexeddb/auto';

import { close } from '../../static/js/store.js';

/** Leaves the phone as if Wardbook had never been opened on it. */
export async function emptyPhone() {
  await close();
  await new Promise((resolve) => (indexedDB.deleteDatabase('wardbook').onsuccess = resolve));
}
