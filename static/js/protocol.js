// How a capture is told to the server, and what counts as an answer: only JSON from our own address, for our own id, with
// our own hash. A page, a redirect, half a body or silence is none of these; then it goes again later. Nothing here
// changes what the phone keeps.

const WITHIN_MS = 30_000;
export const LATER = { kind: 'later' };

class NoAnswer extends Error {}

function bodyOf(text, type) {
  if (!/^application\/json\b/.test(type ?? '')) throw new NoAnswer();
  try {
    return JSON.parse(text);
  } catch {
    throw new NoAnswer();
  }
}

export async function ask(address, options = {}) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), WITHIN_MS);
  try {
    const reply = await fetch(address, { cache: 'no-store', redirect: 'manual', signal: control.signal, ...options });
    const body = bodyOf(await reply.text(), reply.headers.get('Content-Type'));
    return { status: reply.status, body, wait: reply.headers.get('Retry-After') };
  } finally {
    clearTimeout(timer);
  }
}

/** Who is signed in, and the token for what they send next. Null when nobody of ours answered. */
export async function askSession() {
  try {
    const { status, body } = await ask('/session');
    return status === 200 && 'user' in body && body.server_time ? body : null;
  } catch {
    return null;
  }
}

/** Who sends: an account by its session's token, anybody else by the secret of the capture alone. */
function proof(capture, session) {
  return capture.owner === null ? { 'X-Capture-Secret': capture.secret } : { 'X-CSRFToken': session.csrf_token };
}

/** The frozen attempt of a capture as it goes. */
export function wordsOf({ attempt: { rev, base_rev: baseRev, content }, page_made_at: madeAt = null }) {
  return { ...content, rev, base_rev: baseRev, sent_at: new Date().toISOString(), page_made_at: madeAt };
}

/** Sends the words of the frozen attempt. Gives an outcome for `settle`. */
export async function sendWords(capture, session) {
  try {
    const answer = await ask(`/captures/${capture.id}`, {
      method: 'PUT',
      // Without its cookies, what nobody signed for stays nobody's, whoever is signed in now.
      credentials: capture.owner === null ? 'omit' : 'same-origin',
      headers: { 'Content-Type': 'application/json', ...proof(capture, session) },
      body: JSON.stringify(wordsOf(capture)),
    });
    return outcomeOf(answer, isReceiptFor(answer, capture));
  } catch {
    return LATER;
  }
}

/** Whether an answer is the receipt for what was sent of a capture just now. */
export const isReceiptFor = (answer, capture) =>
  isReceipt(answer, capture) && answer.body.rev === capture.attempt.rev && answer.body.content_sha256 === capture.attempt.sha256;

function isReceipt({ status, body }, capture) {
  return (status === 200 || status === 201) && body?.id === capture.id && Array.isArray(body.missing);
}

export function outcomeOf({ status, body, wait }, isOurs) {
  if (isOurs) return { kind: 'receipt', receipt: body };
  const problem = { code: body?.code, words: body?.message, errors: body?.errors, compare_url: body?.compare_url };
  if (typeof problem.code !== 'string' || status < 400) return LATER;
  if (status === 401) return { kind: 'later', problem };
  if (status === 409) return { kind: 'clash', problem };
  if ([404, 410, 413, 415, 422].includes(status)) return { kind: 'refused', problem };
  return { kind: 'later', problem, wait_ms: (Number(wait) || 0) * 1000 };
}

function base64(hex) {
  return btoa(String.fromCharCode(...hex.match(/../g).map((pair) => parseInt(pair, 16))));
}

/** Sends one photo; `onProgress(sent, total)` hears of its bytes. It is given up only after 30 seconds in which none
 * moved. Gives an outcome for `settlePhoto`. */
export async function sendPhoto(capture, photo, session, onProgress) {
  try {
    const answer = await upload(`/captures/${capture.id}/photos/${photo.id}`, photo, onProgress, {
      'Content-Type': photo.type,
      'Content-Digest': `sha-256=:${base64(photo.sha256)}:`,
      // The cookies go along here, so whoever is signed in needs a token as well; the secret says whose it is.
      ...(session.user && { 'X-CSRFToken': session.csrf_token }),
      ...proof(capture, session),
    });
    const isOurs = isReceipt(answer, capture) && !answer.body.missing.includes(photo.id);
    return answer.status === 404 && answer.body?.code === 'not_found'
      ? { kind: 'forgotten' }
      : outcomeOf(answer, isOurs);
  } catch {
    return LATER;
  }
}

function upload(address, photo, onProgress, headers) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = null;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), WITHIN_MS);
    };
    request.open('PUT', address);
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = ({ loaded, total }) => {
      moved();
      onProgress(loaded, total);
    };
    request.onprogress = moved;
    request.onloadend = () => {
      clearTimeout(timer);
      try {
        const body = bodyOf(request.responseText, request.getResponseHeader('Content-Type'));
        resolve({ status: request.status, body, wait: request.getResponseHeader('Retry-After') });
      } catch (error) {
        reject(error);
      }
    };
    moved();
    request.send(photo.bytes);
  });
}

/** Takes a capture back at the server, whether it is there or not. The outcome is `gone` once the server has said so, or
 * that it has none of ours under this id. */
export async function takeBack(capture, session) {
  try {
    const answer = await ask(`/captures/${capture.id}`, {
      method: 'DELETE',
      credentials: capture.owner === null ? 'omit' : 'same-origin',
      headers: proof(capture, session),
    });
    const { status, body } = answer;
    const isRemoved = status === 200 && body.id === capture.id && body.state === 'removed';
    const isNone = status === 404 && body.code === 'not_found';
    return isRemoved || isNone ? { kind: 'gone' } : outcomeOf(answer, false);
  } catch {
    return LATER;
  }
}

/** What the server has of each of these ids of an account, a receipt or null by id; null when nobody answered. */
export async function heldOf(ids) {
  try {
    const { status, body } = await ask(`/captures/status?ids=${ids.join(',')}`);
    return status === 200 ? new Map(body.map(({ id, receipt }) => [id, receipt])) : null;
  } catch {
    return null;
  }
}

const draftAddress = (id) => `/captures/${id}/draft`;

/** Keeps a draft on the server; a failure is no loss, the phone has it. */
export async function putDraft(id, draft, session) {
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': session.csrf_token };
  await ask(draftAddress(id), { method: 'PUT', headers, body: JSON.stringify(draft) }).catch(() => null);
}

/** A draft that another device of this person left, or null. */
export async function draftAt(id) {
  const answer = await ask(draftAddress(id)).catch(() => null);
  return answer?.status === 200 && answer.body.answers ? answer.body : null;
}

/** Forgets a draft on the server. */
export async function dropDraft(id, session) {
  await fetch(draftAddress(id), { method: 'DELETE', headers: { 'X-CSRFToken': session.csrf_token } }).catch(() => null);
}

/** What a kind needs without a connection, with its version and until when it is good, or null. */
export async function packAt(kind) {
  const answer = await ask(`/captures/pack/${kind}`).catch(() => null);
  return answer?.status === 200 && answer.body.kind === kind ? answer.body : null;
}
