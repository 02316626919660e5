// Taking part in a session that another phone began: by its name where there is a signal, by its four letters anywhere.
import { fragment } from './dom.js';
import { join, sessionId, sessionNote } from './speed-beginning.js';
import { codeOf, isCodeOf } from './speed-code.js';
import { daysGoingOn } from './speed-day.js';

const NO_SITE = 'Choose the site first.';
const NO_CODE = 'The code has four letters, without vowels. Look once more at the other phone.';
const WRONG_CODE = 'Check the four letters with whoever started, and the site: one of them is not right.';
export const NOT_KEPT = 'This phone cannot keep the session. Free some space, then press it again.';

const clockTime = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `part(name)` gives a part of the page; `pack()` what this phone was told last; `once(act)` lets one press through. */
export function joining({ part, pack, owner, isSpokenBack, once, leaveFor }) {
  const siteOf = (code) => pack().sites.find((one) => one.code === code);

  function complain(problem) {
    part('join-problem').hidden = !problem;
    part('join-problem').textContent = problem;
  }

  async function joinIn({ id, site, heldOn, beganAt, code, crew = null, direction, limit }) {
    const session = sessionNote({
      id, owner, site, limit, threshold: pack().thresholds[limit], heldOn, beganAt, code, isJoined: true, crew, direction: direction ?? site.directions[0] ?? '',
      hasAllSpeeds: null, isSpokenBack: isSpokenBack(), answers: {},
    });
    try {
      await join(session);
    } catch {
      return complain(NOT_KEPT);
    }
    return leaveFor(`/speed-watch/log?id=${id}`);
  }

  async function byCode() {
    const { join_site: where, join_code: typed } = part('join-form').elements;
    const [site, code] = [siteOf(where.value), codeOf(typed.value)];
    const heldOn = site && code && daysGoingOn().find((day) => isCodeOf(code, site.code, day));
    complain(!site ? NO_SITE : !code ? NO_CODE : heldOn ? '' : WRONG_CODE);
    if (!heldOn) return null;
    const id = await sessionId(site.code, heldOn, code);
    return joinIn({ id, site, heldOn, beganAt: new Date().toISOString(), code, limit: site.limit_mph });
  }

  /** The sessions that others began, as they were told last: those of an earlier day do not go on any more. */
  function showOpen(isFresh) {
    const open = pack().sessions.filter((one) => daysGoingOn().includes(one.held_on) && siteOf(one.site));
    part('open-unknown').hidden = isFresh;
    part('open-sessions').replaceChildren(
      ...open.map((one) => {
        const site = siteOf(one.site);
        const item = fragment('<li><button type="button" class="govuk-button govuk-button--secondary"></button></li>');
        item.firstElementChild.textContent = `Join ${site.name}, begun at ${clockTime(one.began_at)}`;
        const meant = { id: one.id, site, heldOn: one.held_on, beganAt: one.began_at, code: one.join_code, crew: one.crew.length, direction: one.direction, limit: one.limit_mph };
        item.firstElementChild.addEventListener('click', () => once(() => joinIn(meant)));
        return item;
      }),
    );
  }

  part('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    once(byCode);
  });
  return { showOpen };
}
