// A server in memory that keeps the capture protocol's promises, behind a network that does not. What the sender's own
// network module would make of an answer is made here: an outcome.
const LATER = { kind: 'later' };

/** Ends the page in the middle of what it does: nothing after it runs. */
export class Killed extends Error {}

export class ModelServer {
  constructor(random) {
    this.random = random;
    this.captures = new Map();
    this.late = [];
    this.user = null;
    this.isCalm = false;
    this.clashes = 0;
    this.removed = new Set();
  }

  /** What the sender talks to. `isBad(content)` tells what the server refuses. */
  net(isBad = () => false) {
    return {
      askSession: async () => (this.#isLost() ? null : { user: this.user, csrf_token: 'a token' }),
      sendWords: (capture, session) =>
        this.#through(() => this.#takeWords(capture, session, isBad)),
      sendSeveral: (captures, session) => this.#together(captures, (one) => this.#takeWords(one, session, isBad)),
      takeBack: async (capture, session) => (this.#isLost() ? LATER : this.#takeBack(capture, session)),
      sendPhoto: (capture, photo, session) => this.#through(() => this.#takePhoto(capture, photo, session)),
      heldOf: async (ids) => (this.#isLost() ? null : new Map(ids.map((id) => [id, this.#held(id)]))),
    };
  }

  #held(id) {
    const held = this.captures.get(id);
    return held ? this.#receipt(id, held, held.versions.at(-1)).receipt : null;
  }

  #isLost() {
    return !this.isCalm && this.random() < 0.15;
  }

  async #through(act) {
    const chance = this.isCalm ? 1 : this.random();
    if (chance < 0.08) return LATER; // Lost on the way there.
    if (chance < 0.16) return act(), LATER; // The reply is lost.
    if (chance < 0.22) return act(), act(); // The browser sends it again by itself.
    if (chance < 0.28) return this.late.push(act), LATER; // It arrives when nobody expects it any more.
    if (chance < 0.34) throw new Killed(); // Killed before it went out.
    if (chance < 0.4) {
      act();
      throw new Killed(); // Killed before the answer.
    }
    if (chance < 0.46) return { kind: 'later', problem: { code: 'busy', words: 'Busy.' }, wait_ms: 5000 };
    return act();
  }

  /** One request for several: lost or hung as a whole; an answer may leave one of them out. */
  async #together(captures, take) {
    const outcome = await this.#through(() => new Map(captures.map((one) => [one.id, take(one)])));
    const all = outcome instanceof Map ? outcome : new Map(captures.map(({ id }) => [id, outcome]));
    if (!this.isCalm && this.random() < 0.1) all.delete(captures[0].id);
    return all;
  }

  #takeBack({ id, owner }, session) {
    if (owner !== null && owner !== session.user?.id) return LATER;
    this.captures.delete(id);
    this.removed.add(id);
    return { kind: 'gone' };
  }

  /** Delivers one request that hung in the network. */
  deliverLate() {
    this.late.shift()?.();
  }

  #takeWords(capture, session, isBad) {
    const { id, owner, attempt } = capture;
    const sender = owner === null ? null : session.user?.id;
    if (owner !== null && sender === undefined) return { kind: 'later', problem: { code: 'sign_in' } };
    if (isBad(attempt.content)) return { kind: 'refused', problem: { code: 'invalid', errors: { words: ['Bad.'] } } };
    if (this.removed.has(id)) return { kind: 'refused', problem: { code: 'gone' } };
    const held = this.captures.get(id) ?? { owner: sender, versions: [], photos: new Map(), promised: [] };
    if (held.owner !== sender) return { kind: 'refused', problem: { code: 'not_found' } };
    const known = held.versions.find((one) => one.rev === attempt.rev && one.sha256 === attempt.sha256);
    if (!known && held.versions.length && attempt.base_rev !== held.versions.at(-1).rev) {
      this.clashes += 1;
      return { kind: 'clash', problem: { code: 'clash' } };
    }
    if (!known) {
      held.versions.push({ rev: attempt.rev, sha256: attempt.sha256, content: attempt.content });
      held.promised = attempt.content.photos;
    }
    this.captures.set(id, held);
    return this.#receipt(id, held, attempt);
  }

  #takePhoto(capture, photo, session) {
    const held = this.captures.get(capture.id);
    const sender = capture.owner === null ? null : session.user?.id;
    const promised = held?.promised.find((one) => one.id === photo.id);
    if (!held || held.owner !== sender || (!promised && !held.photos.has(photo.id))) return { kind: 'forgotten' };
    if (promised) held.photos.set(photo.id, { bytes: photo.bytes, sha256: promised.sha256 });
    return this.#receipt(capture.id, held, held.versions.at(-1));
  }

  #receipt(id, held, { rev, sha256 }) {
    const missing = held.promised.filter((photo) => !held.photos.has(photo.id)).map((photo) => photo.id);
    return { kind: 'receipt', receipt: { id, rev, base_rev: rev, content_sha256: sha256, missing, reference: 'FT-1', status_url: '/x' } };
  }
}
