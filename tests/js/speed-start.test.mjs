// Why a session may not begin: decided on the phone, by the same cases and in the same words as on the server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { londonDay } from '../../static/js/london.js';
import { startProblems } from '../../static/js/speed-start.js';

const { base, cases } = JSON.parse(await readFile(new URL('start-cases.json', import.meta.url), 'utf8'));

function facts({ site, members = base.members, device, ...change }) {
  return {
    at: base.at,
    dark_reason: base.dark_reason,
    ...change,
    site: { ...base.site, ...site },
    members: members.map((member) => ({ ...base.member, ...member })),
    device: device === null ? null : { ...base.device, ...device },
  };
}

for (const { name, change, problems } of cases) {
  test(`what is said of ${name}`, () => {
    assert.deepEqual(
      startProblems(facts(change)).map(({ code, words }) => [code, words]),
      problems,
    );
  });
}

test('a day is London’s, wherever the phone thinks it is', () => {
  assert.equal(londonDay('2026-06-20T23:30:00Z'), '2026-06-21');
  assert.equal(londonDay('2026-12-20T23:30:00Z'), '2026-12-20');
  assert.equal(londonDay(new Date('2026-03-31T23:30:00Z')), '2026-04-01');
});
