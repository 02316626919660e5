// Which reports this tab has seen the receipt of. The tab's own store, because only its Back leads to the old form.

const KEY = 'wardbook-sent-';

/** Notes that a report has arrived. */
export function noteSent(id) {
  try {
    sessionStorage.setItem(KEY + id, 'yes');
  } catch {
    // A browser that stores nothing shows the empty form instead.
  }
}

/** Says whether this tab has seen the receipt of a report. */
export function wasSent(id) {
  try {
    return Boolean(id) && sessionStorage.getItem(KEY + id) !== null;
  } catch {
    return false;
  }
}
