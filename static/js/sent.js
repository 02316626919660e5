// Which reports this tab has seen the receipt of. The tab's own store, because only its Back leads to the old form.

const SENT = 'wardbook-sent-';
const POSTED = 'wardbook-posted-';

function remember(key) {
  try {
    sessionStorage.setItem(key, 'yes');
  } catch {
    // A browser that stores nothing shows the empty form instead.
  }
}

function isRemembered(key) {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

/** Notes that a report has arrived. */
export const noteSent = (id) => remember(SENT + id);

/** Says whether this tab has seen the receipt of a report. */
export const wasSent = (id) => Boolean(id) && isRemembered(SENT + id);

/** Notes that this tab posts the form of a report as it is, its photos with it. */
export const notePosted = (id) => remember(POSTED + id);

/** Says whether this tab posted the form of a report. */
export const wasPosted = (id) => isRemembered(POSTED + id);
