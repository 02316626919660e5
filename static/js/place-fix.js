// Which of this phone's fixes is the place of what somebody sees.
import { metresBetween } from './whereabouts.js';

const TOO_OLD_MS = 20_000;

/** The fix to hold, of the one that is held and a newer one. Until something is begun it follows this phone: a newer fix as
 * good as the held one, or any once that one is too old. From `begunAt` on, the moment of the photo or the category, what
 * is seen stays where it is: only a better fix of the same place is taken, one inside the circle of the held fix. */
export function placeFix(held, fix, begunAt = null) {
  if (!held || !fix) return fix ?? held;
  if ((begunAt ?? fix.fixed_at) - held.fixed_at > TOO_OLD_MS) return fix;
  if (begunAt === null) return fix.accuracy_m <= held.accuracy_m ? fix : held;
  return fix.accuracy_m < held.accuracy_m && metresBetween(held, fix) <= held.accuracy_m ? fix : held;
}
