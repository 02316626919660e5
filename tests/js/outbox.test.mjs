// The outbox under everything at once: edits, kills, lost replies, doubles, two tabs, people coming and going. After every
// step the seven invariants of the capture protocol hold, and once the network is calm everything arrives.
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';

import { canonical, sha256 } from '../../static/js/content.js';
import { attempt, aged, hurry, pause, queue, rechecked, reopen, settle, settlePhoto, WAITING } from '../../static/js/outbox.js';
import { adopted, amend } from '../../static/js/shared-captures.js';
import { sendDue } from '../../static/js/sender.js';
import { putIn, takeOut } from '../../static/js/speed-rows.js';
import { captureWith, capturesIn, changeCapture, photosOf, saveCapture } from '../../static/js/store.js';
import { Killed, ModelServer } from './model-server.mjs';
import { emptyPhone } from './phone.mjs';

const DAY = 86_400_000;
const PEOPLE = [null, { id: 1, name: 'Sunita' }, { id: 2, name: 'Owen' }];

beforeEach(emptyPhone);

/** A generator of numbers in [0, 1) that a seed makes the same each time (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const photoOf = (id) => ({ id, bytes: Uint8Array.of(0xff, 0xd8, 0xff, id.length).buffer, type: 'image/jpeg', name: 'a.jpg' });

class World {
  constructor(seed) {
    this.random = numbers(seed);
    this.server = new ModelServer(this.random);
    this.net = this.server.net((content) => content.answers.words[0].startsWith('bad'));
    this.now = 1_000_000;
    this.saved = new Map();
    this.takenOut = new Set();
    this.count = 0;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  async finish(id, owner, words, photos) {
    const hashed = await Promise.all(photos.map(async (one) => ({ ...one, sha256: await sha256(one.bytes) })));
    const content = {
      kind: 'fly_tipping', form_version: 1, captured_at: null, answers: { words: [words] }, parent: null,
      photos: hashed.map((one) => ({ id: one.id, sha256: one.sha256, bytes: one.bytes.byteLength })),
    };
    const hash = await sha256(canonical(content));
    const draft = { id, owner, kind: 'fly_tipping', state: 'draft', payload: {}, changed_at: '', photo_ids: photos.map((one) => one.id) };
    const at = this.now;
    const isKept = await saveCapture(draft, hashed, (one) => queue(one, { content, sha256: hash, title: 'A', at }));
    if (isKept) this.saved.set(id, { owner, sha256: hash, photos: hashed, isBad: words.startsWith('bad') });
  }

  async capture() {
    const id = `c${(this.count += 1)}`;
    const photos = Array.from({ length: Math.floor(this.random() * 3) }, (_, index) => photoOf(`${id}-${index}`));
    const words = this.random() < 0.1 ? `bad ${id}` : `words of ${id}`;
    await this.finish(id, this.pick(PEOPLE)?.id ?? null, words, photos);
  }

  async edit() {
    const id = this.pick([...this.saved.keys()]);
    const opened = id && (await changeCapture(id, reopen));
    if (opened?.state !== 'draft') return;
    // Sometimes its person goes away in the middle, and it stays a draft.
    if (this.random() < 0.2) return;
    const photos = (await photosOf(opened)).filter(() => this.random() < 0.8);
    if (this.random() < 0.3) photos.push(photoOf(`${id}-${(this.count += 1)}`));
    await this.finish(id, opened.owner, this.random() < 0.5 ? `words of ${id}` : `other words ${this.count}`, photos);
  }

  /** Somebody takes something out again, and sometimes puts it back at once. */
  async takeOut() {
    const id = this.pick([...this.saved.keys()]);
    const before = id && (await changeCapture(id, (one) => (one.state === 'draft' ? null : takeOut(one, this.now - DAY))));
    if (before?.state !== 'removing') return;
    const back = this.random() < 0.3 && (await changeCapture(id, putIn));
    if (back && back.state !== 'removing') return;
    this.saved.delete(id);
    this.takenOut.add(id);
  }

  async send() {
    try {
      await sendDue(this.net, () => this.now);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  async step() {
    const acts = [
      () => this.capture(),
      () => this.edit(),
      () => this.takeOut(),
      () => this.send(),
      () => this.send(),
      () => Promise.all([this.send(), this.send()]),
      () => Promise.all([this.send(), this.edit()]),
      () => (this.server.user = this.pick(PEOPLE)),
      () => (this.now += this.random() * 400_000),
      () => this.server.deliverLate(),
      async () => {
        for (const { id } of await capturesIn(WAITING)) await changeCapture(id, hurry);
      },
    ];
    await this.pick(acts)();
  }

  async holds() {
    const { captures } = this.server;
    const waiting = new Set((await capturesIn(WAITING)).map((one) => one.id));
    for (const [id, { owner, sha256: hash, photos }] of this.saved) {
      const kept = await captureWith(id);
      const held = captures.get(id);
      assert.ok(kept, `${id} is no longer on the phone`);
      const onPhone = new Set((await photosOf(kept)).map((one) => one.id));
      if (kept.state !== 'draft') assert.equal(kept.content_sha256, hash, `${id} is not what was saved last`);
      if (kept.state === 'complete') {
        assert.ok(held?.versions.some((one) => one.sha256 === hash), `${id} is shown as sent and is not there`);
        photos.forEach((one) => assert.ok(held.photos.has(one.id), `${id} is shown as sent without a photo`));
      } else if (kept.state !== 'draft') {
        assert.ok(waiting.has(id), `${id} is unsent and not counted`);
        photos.forEach((one) => assert.ok(onPhone.has(one.id), `${id} has lost a photo`));
      }
      if (held) assert.equal(held.owner, owner, `${id} was sent as somebody else`);
    }
    for (const id of this.takenOut) {
      const kept = await captureWith(id);
      assert.ok(kept ? kept.state === 'removing' && waiting.has(id) : !captures.has(id), `${id} was taken out and is ${kept?.state ?? 'at the server'}`);
    }
    for (const held of captures.values()) {
      const keys = held.versions.map((one) => `${one.rev} ${one.sha256}`);
      assert.equal(new Set(keys).size, keys.length);
      for (const { bytes, sha256: promised } of held.photos.values()) assert.equal(await sha256(bytes), promised);
    }
    assert.equal(this.server.clashes, 0, 'one phone alone clashed with itself');
  }

  /** The network is calm, everybody signs in once, and whoever left a form open sends it. */
  async calm() {
    this.server.isCalm = true;
    while (this.server.late.length) this.server.deliverLate();
    for (const { id, owner } of await capturesIn(['draft'])) await this.finish(id, owner, `words of ${id}`, []);
    for (const user of [...PEOPLE, ...PEOPLE]) {
      this.server.user = user;
      this.now += DAY / 100;
      await this.send();
    }
  }

  async arrived() {
    for (const id of this.takenOut) assert.ok(!(await captureWith(id)) && !this.server.captures.has(id), `${id} was taken out and is still there`);
    for (const [id, { isBad, sha256: hash }] of this.saved) {
      const { state, problem } = await captureWith(id);
      assert.equal(state, isBad ? 'parked' : 'complete', `${id}: ${state} ${JSON.stringify(problem)}`);
      if (!isBad) assert.ok(this.server.captures.get(id).versions.some((one) => one.sha256 === hash));
    }
  }
}

const SEEDS = Number(process.env.OUTBOX_SEEDS ?? 60);
const STEPS = 40;

for (let first = 0; first < SEEDS; first += 20) {
  test(`whatever happens in whatever order, the seven invariants hold (seeds ${first} to ${first + 19})`, async () => {
    for (let seed = first; seed < first + 20; seed += 1) {
      await emptyPhone();
      const world = new World(seed);
      try {
        await world.capture();
        for (let count = 0; count < STEPS; count += 1) {
          await world.step();
          await world.holds();
        }
        await world.calm();
        await world.holds();
        await world.arrived();
      } catch (error) {
        error.message = `seed ${seed}: ${error.message}`;
        throw error;
      }
    }
  });
}

const draft = { id: 'one', state: 'draft' };
const version = (sha) => ({ content: { answers: {}, photos: [] }, sha256: sha, title: 'A', at: 1 });
const receipt = (missing = [], baseRev = 1) => ({ kind: 'receipt', receipt: { missing, base_rev: baseRev } });

test('an attempt is frozen: what is changed meanwhile is a later version made from it', () => {
  const tried = attempt(queue(draft, version('a')), 1);
  assert.deepEqual([tried.state, tried.attempt.rev, tried.attempt.sha256], ['sending', 1, 'a']);
  const changed = queue(reopen(tried), version('b'));
  assert.deepEqual([changed.rev, changed.attempt.sha256, changed.content_sha256], [2, 'a', 'b']);
  const after = settle(attempt(changed, 2), 1, receipt(), 3);
  assert.deepEqual([after.state, after.attempt, after.acked.rev], ['queued', null, 1]);
  const second = attempt(after, 4);
  assert.deepEqual([second.attempt.rev, second.attempt.base_rev, second.attempt.sha256], [2, 1, 'b']);
});

test('a version that was chosen on the compare page is what the next one is made from', () => {
  const done = settle(attempt(queue(draft, version('a')), 1), 1, receipt([], 3), 2);
  const next = attempt(queue(reopen({ ...done, state: 'queued' }), version('b')), 3);
  assert.deepEqual([next.attempt.rev, next.attempt.base_rev], [4, 3]);
});

test('what the server lost of a sent capture goes once more, made from what it was made from', () => {
  const first = settle(attempt(queue(draft, version('a')), 1), 1, receipt(), 2);
  const second = settle(attempt(queue(reopen({ ...first, state: 'queued' }), version('b')), 3), 2, receipt([], 2), 4);
  assert.equal(second.state, 'complete');
  const there = { content_sha256: 'b', missing: [] };
  assert.equal(rechecked(second, there, 5).state, 'complete');
  assert.equal(rechecked(second, { ...there, content_sha256: null }, 5).state, 'complete');
  assert.deepEqual(rechecked(second, { ...there, missing: ['p'] }, 5).acked.missing, ['p']);
  for (const older of [null, { content_sha256: 'a', missing: [] }]) {
    const again = attempt(rechecked(second, older, 5), 6);
    assert.deepEqual([again.attempt.rev, again.attempt.base_rev, again.attempt.sha256], [2, 1, 'b']);
  }
});

test('a receipt for a photo says nothing of the others', () => {
  const received = settle(attempt(queue(draft, version('a')), 1), 1, receipt(['p', 'q']), 2);
  const next = settlePhoto(received, 'p', receipt([]), 3);
  assert.deepEqual([next.state, next.acked.missing], ['received', ['q']]);
});

test('what never arrives as it was sent is parked with its words after five tries', () => {
  const outcome = { kind: 'later', problem: { code: 'malformed', words: 'It did not arrive as it was sent.' } };
  let capture = queue(draft, version('a'));
  for (let tries = 1; tries <= 5; tries += 1) {
    assert.equal(capture.state, 'queued');
    capture = settle(attempt(capture, tries), 1, outcome, tries);
  }
  assert.deepEqual([capture.state, capture.problem], ['parked', outcome.problem]);
  assert.equal(hurry(capture).state, 'queued');
});

test('sending the same words again makes no new version', () => {
  const done = settle(attempt(queue(draft, version('a')), 1), 1, receipt(['p']), 2);
  assert.equal(done.state, 'received');
  const again = queue(reopen(done), version('a'));
  assert.deepEqual([again.state, again.rev], ['received', 1]);
});

test('a refusal parks it with its words, and a later try is a later version', () => {
  const problem = { code: 'invalid', errors: { size: ['Choose.'] } };
  const parked = settle(attempt(queue(draft, version('a')), 1), 1, { kind: 'refused', problem }, 2);
  assert.deepEqual([parked.state, parked.problem], ['parked', problem]);
  assert.equal(hurry(parked).state, 'parked');
  assert.equal(queue(reopen(parked), version('b')).rev, 2);
});

test('an answer for another attempt changes nothing', () => {
  const tried = attempt(queue(draft, version('a')), 1);
  assert.equal(settle(tried, 7, receipt(), 2), null);
});

test('pauses grow from two seconds to five minutes and never end', () => {
  assert.deepEqual([pause(0, () => 1), pause(1, () => 1), pause(3, () => 0)], [2000, 4000, 8000]);
  assert.deepEqual([pause(50, () => 1), pause(50, () => 0)], [300_000, 150_000]);
});

test('of a sent capture all stays for a day, a line for a week, then nothing', () => {
  const sent = { state: 'complete', sent_at: 0 };
  assert.deepEqual([0, DAY, DAY + 1, 7 * DAY, 7 * DAY + 1].map((at) => aged(sent, at)), ['whole', 'whole', 'line', 'line', 'nothing']);
  assert.equal(aged({ ...sent, clears_at_once: true }, 0), 'line');
  assert.equal(aged({ state: 'queued' }, 100 * DAY), 'whole');
});

const answered = (words) => ({ content: { answers: { words: [words] } }, sha256: words, title: words, at: 5, payload: { words: [words] } });

test('a walk that is changed while its first version is on its way goes once more, made from the one that arrived', () => {
  const first = attempt(queue({ id: 'a', state: 'draft' }, { ...answered('one'), at: 1 }), 2);
  const changed = amend(first, answered('two'));
  assert.equal(changed.state, 'queued');
  assert.equal(changed.rev, 2);
  const settled = settle(changed, 1, { kind: 'receipt', receipt: { missing: [], base_rev: 1 } }, 6);
  assert.equal(settled.state, 'queued');
  assert.deepEqual([attempt(settled, 7).attempt.rev, attempt(settled, 7).attempt.base_rev], [2, 1]);
});

test('a walk that says again what has arrived is sent already', () => {
  const sent = settle(attempt(queue({ id: 'a', state: 'draft' }, answered('one')), 2), 1, { kind: 'receipt', receipt: { missing: [], base_rev: 1 } }, 3);
  assert.equal(amend(sent, answered('one')).state, 'complete');
});

test('a walk that was planned at a desk is changed here as the version after the one that the server had', () => {
  const held = { rev: 3, reference: 'EVA-2026-00001', content: { form_version: 1, captured_at: null, answers: {} } };
  const own = adopted({ id: 'a', kind: 'eva', owner: 1, title: 'Walk', held, payload: {}, sha256: 'three', opens: '/', at: 1 });
  assert.equal(own.state, 'complete');
  const next = attempt(amend(own, answered('four')), 9).attempt;
  assert.deepEqual([next.rev, next.base_rev], [4, 3]);
});

test('what was sent whole can be opened again, what only left its line cannot', () => {
  const sent = { state: 'complete', content: {} };
  assert.equal(reopen(sent).state, 'draft');
  assert.equal(reopen({ ...sent, is_light: true }), null);
});
