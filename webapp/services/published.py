"""“You said, we did”: what residents are shown of an audit, without names, notes or points, once it is published."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.action import Action, ActionObservation, ActionUpdate
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.rules import actions as action_rules
from webapp.rules import eva as rules
from webapp.rules.actions import NOT_COUNTED, Completion
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.errors import NotFound
from webapp.rules.feelings import Feeling
from webapp.rules.roles import Permission, Person
from webapp.services import audit_photos, audit_results, audits, lines, photos, urgent_lines, wards
from webapp.services.audits import Audit

HIDDEN = "hidden"
ELSEWHERE = "Elsewhere"


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One public photo as something was found, and one afterwards."""

    category: str
    before: Photo
    after: Photo


@dataclass(frozen=True, slots=True)
class YouSaid:
    """What residents are shown. `seen` counts observations by ward and category, `lines` is what is done about it.

    `texts` are the lines' words by their ids, without the place of what they answer: that may be somebody's door.
    What staff alone may know, such as where somebody sleeps rough, is in none of it and counted in none of it.
    """

    eva: Eva
    came: Sequence[tuple[str, int]]
    seen: dict[str, list[tuple[str, int]]]
    lines: Sequence[Action]
    texts: dict[int, str]
    pairs: Sequence[BeforeAfter]
    by_day: Feeling
    after_dark: Feeling

    @property
    def completion(self) -> Completion:
        """How many of the lines that are shown are done."""
        return action_rules.completion(line.status for line in self.lines)

    @property
    def total(self) -> int:
        """How many things were seen, of what is shown."""
        return sum(count for counts in self.seen.values() for _, count in counts)


def find(reference: str, person: Person) -> YouSaid:
    """Return what residents are shown of an audit; before it is published, only for who may publish it.

    Raises NotFound otherwise.
    """
    eva = db.session.scalar(select(Eva).where(Eva.reference == reference))
    is_public = eva is not None and eva.published_at is not None and eva.visibility != HIDDEN
    if eva is None or not (is_public or person.may(Permission.PUBLISH_EVAS)):
        raise NotFound
    audit = audits.everything(eva)
    results = audit_results.of(audit)
    return YouSaid(
        eva,
        rules.who_came(person.type for person in audit.came),
        _seen(audit),
        lines := _lines(audit),
        _texts(lines),
        _pairs(audit, {line.id for line in lines}),
        results.by_day,
        results.after_dark,
    )


def of_ward(code: str) -> Sequence[Eva]:
    """Return the published audits of a ward, newest first."""
    query = select(Eva).where(Eva.ward_code == code, Eva.published_at.is_not(None), Eva.visibility != HIDDEN)
    return db.session.scalars(query.order_by(Eva.held_on.desc(), Eva.reference.desc())).all()


def _is_public(one: Observation) -> bool:
    return rules.category(one.category).is_public


def _seen(audit: Audit) -> dict[str, list[tuple[str, int]]]:
    """Return how often each category was seen in each ward, by the wards' names, in the order of the list."""
    names = wards.in_use().names
    own = names.get(audit.eva.ward_code or "", ELSEWHERE)
    public = [one for one in audit.observations if _is_public(one)]
    # By name and not by code: what lies in wards that are no more is counted together.
    counts = Counter(
        (names.get(one.ward_code, ELSEWHERE) if one.ward_code else own, one.category) for one in public
    )
    found = {name for name, _ in counts}
    return {
        name: [
            (category.label, counts[name, category.value])
            for category in CATEGORIES
            if counts[name, category.value]
        ]
        for name in sorted(found, key=lambda name: (name != own, name))
    }


def _lines(audit: Audit) -> list[Action]:
    """Return the lines that residents are shown: none that answers something which staff alone may know."""
    restricted = set(db.session.scalars(lines.for_staff_only().where(Observation.eva_id == audit.eva.id)))
    return [line for line in audit.actions if line.id not in restricted and line.status != NOT_COUNTED]


def _texts(shown: Sequence[Action]) -> dict[int, str]:
    made, seen = _made_by_themselves(shown), _answered(shown)
    return {
        line.id: _as_made(line, seen[line.id])
        if line.id in made and line.id in seen
        else _without_places(line.text, seen.get(line.id, ()))
        for line in shown
    }


def _made_by_themselves(shown: Sequence[Action]) -> set[int]:
    """Return the lines whose words nobody wrote: put together of what was seen, and left so by every edit."""
    steps = select(ActionUpdate).where(ActionUpdate.action_id.in_([line.id for line in shown]))
    made = steps.where(ActionUpdate.step == "propose", ActionUpdate.capture_id.is_(None))
    edited = db.session.scalars(steps.where(ActionUpdate.step == "edit"))
    worded = {update.action_id for update in edited if "text" in (update.after or {}).get("was", {})}
    return {update.action_id for update in db.session.scalars(made)} - worded


def _answered(shown: Sequence[Action]) -> dict[int, list[Observation]]:
    """Return what each line answers, also what was taken back: its place may stand in the line's words still."""
    query = (
        select(ActionObservation.action_id, Observation)
        .join(Observation, Observation.id == ActionObservation.observation_id)
        .where(ActionObservation.action_id.in_([line.id for line in shown]))
        .order_by(Observation.number)
    )
    answered: dict[int, list[Observation]] = {}
    for action_id, one in db.session.execute(query):
        answered.setdefault(action_id, []).append(one)
    return answered


def _as_made(line: Action, seen: Sequence[Observation]) -> str:
    """Return the words of a line that nobody wrote, without any place: one that was changed since stands in it too."""
    urgent = (urgent_lines.text_of(one.category) for one in seen)
    task = action_rules.task((one.category, "") for one in seen)
    return next((words for words in urgent if line.text.startswith(words)), task)


def _without_places(text: str, seen: Sequence[Observation]) -> str:
    places = sorted({one.place_text for one in seen if one.place_text}, key=len, reverse=True)
    for place in places:
        for before in (" at ", ", ", "; "):
            text = text.replace(f"{before}{place}", "")
    return text


def _pairs(audit: Audit, line_ids: set[int]) -> list[BeforeAfter]:
    """Return the first public photo of each observation beside the last public one from afterwards."""
    found = []
    pairs = audit_photos.pairs_of(audit, sees_hidden=False)
    for one in audit.observations:
        before = [photo for photo in pairs[one.id].before if photos.is_public(photo, audit.eva.visibility)]
        after = [
            photo
            for line, photo in pairs[one.id].after
            if line.id in line_ids and photos.is_public(photo, audit.eva.visibility)
        ]
        if _is_public(one) and before and after:
            found.append(BeforeAfter(one.category, before[0], after[-1]))
    return found
