// Asks the server what a place is called: its ward and grid reference, or where a postcode or grid reference is. The
// answer is a help only; the server works it out again when the report arrives.

const WITHIN_MS = 8000;

/** `{ answer }`, `{ refusal }` (in words) when it was not understood, or `{}` when nobody answered in time. */
export async function askPlace(address, question) {
  const asked = new URLSearchParams(question);
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), WITHIN_MS);
  try {
    const reply = await fetch(`${address}?${asked}`, { signal: control.signal, headers: { Accept: 'application/json' } });
    const body = await reply.json();
    if (reply.ok) return { answer: body };
    return reply.status === 422 ? { refusal: body.message } : {};
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
  }
}
