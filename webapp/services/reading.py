"""What a phone sent, read with the form of its kind: the page's own form, so that there is no second validation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from webapp.extensions import clock
from webapp.forms.envelope import CaptureEnvelope, hashed
from webapp.forms.fields import answer_words, moment
from webapp.forms.plates import PlateField
from webapp.models.capture import CaptureRevision
from webapp.rules import captures as rules
from webapp.rules import photos as photo_rules
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission, Person
from webapp.services import kinds, places
from webapp.services.kinds import Captured, Kind, Part
from webapp.services.ledger import Promised, Submission, parent_of

EVIDENCE = "evidence"
NO_SUCH_KIND = "This copy of Wardbook captures something that we do not know. Update it, then send again."


def read(
    capture_id: UUID, secret: str, envelope: CaptureEnvelope, content: Mapping[str, Any], person: Person
) -> Submission:
    """Return what was sent as services take it; `content` is the decoded JSON as it was spelled.

    Raises Refused with a sentence for each field that must change.
    """
    kind, now = _kind_of(envelope.kind), clock.now()
    offset = rules.clock_offset(envelope.sent_at, now)
    return Submission(
        kind=kind,
        capture_id=capture_id,
        secret=secret,
        captured_at=envelope.captured_at,
        form_version=envelope.form_version,
        channel="web",
        answers=answers(kind, envelope.answers, envelope.form_version, capture_id),
        content=hashed(content),
        rev=envelope.rev,
        base_rev=envelope.base_rev,
        sent_at=envelope.sent_at,
        offset_s=offset.total_seconds() if offset is not None else None,
        photos=_promised(envelope, person),
        parent=envelope.parent,
        flags=rules.flags(
            offset=offset,
            page_age=_age(envelope, now),
            has_time=not envelope.lost_moments(content),
            form_version=envelope.form_version,
            newest_version=kind.form.VERSION,
            has_role=person.id is None or bool(person.roles),
        ),
    )


def _kind_of(value: str) -> Kind | Part:
    kind = next((one for one in kinds.captured() if one.value == value), None)
    if kind is None:
        raise Refused({"kind": NO_SUCH_KIND})
    return kind


def _age(envelope: CaptureEnvelope, now: Any) -> timedelta | None:
    return now - envelope.page_made_at if envelope.page_made_at else None


def answers(
    kind: Captured,
    sent: Mapping[str, str | list[str]],
    form_version: int,
    new_id: UUID | None = None,
) -> dict[str, Any]:
    """Return a form's answers from the values of its fields. Raises Refused with a sentence for each bad field.

    What has just come, as the capture `new_id`, is told all that services would refuse in the same round. What was
    kept before is not: its ward may be no more.
    """
    form = _filled(kind, sent, form_version)
    form.validate()
    form.check_day(local_date(clock.now()))
    form.refuse_too(problems(kind, new_id, form) if new_id else _place_problems(form.answers(), None))
    wrong = {field.name: " ".join(field.errors) for field in form if field.errors}
    if wrong:
        raise Refused(wrong)
    return dict(form.answers())


def problems(
    kind: Captured, capture_id: UUID, form: Any, in_photo: tuple[float, float] | None = None
) -> dict[str, str]:
    """Return the sentences with which services would refuse a form's answers, to be told together with its own."""
    given = form.answers()
    return {**kind.problems(given, capture_id), **_place_problems(given, in_photo)}


def _place_problems(given: Mapping[str, Any], in_photo: tuple[float, float] | None) -> dict[str, str]:
    return places.problems(given["place"], in_photo) if "place" in given else {}


def _filled(
    kind: Captured, sent: Mapping[str, str | list[str]], form_version: int, *, has_token: bool = False
) -> Any:
    typed: MultiDict[str, str] = MultiDict()
    for name, values in sent.items():
        typed.setlist(name, [values] if isinstance(values, str) else values)
    typed["form_version"] = str(form_version)
    return kind.form(typed, meta={"csrf": has_token})


def form_of(kind: Captured, content: Mapping[str, Any], *, has_token: bool = False) -> Any:
    """Return the form of a kind with what a kept version answered; one that is posted from a page has a token."""
    return _filled(kind, content["answers"], content["form_version"], has_token=has_token)


def in_words(kind: Captured, content: Mapping[str, Any]) -> dict[str, str]:
    """Return what a kept version says, in words by question, in the order of the form; empty answers are left out."""
    form = form_of(kind, content)
    said = {field.label.text: answer_words(field) for field in form if field.name not in form.NO_ANSWERS}
    count = len(content["photos"])
    photos = {"Photos": f"{count} photo{'' if count == 1 else 's'}"} if count else {}
    return {question: words for question, words in said.items() if words} | photos


def behind_masks(kind: Captured, content: Mapping[str, Any]) -> dict[str, str]:
    """Return the registrations of a kept version, whole, by question: to compare, and never to show."""
    fields = form_of(kind, content)
    return {field.label.text: field.normal for field in fields if isinstance(field, PlateField)}


def from_ledger(
    capture_id: UUID, kind: Kind | Part, revision: CaptureRevision, content: Mapping[str, Any]
) -> Submission:
    """Return a version that the ledger holds as it was sent. Raises Refused where today's form cannot read it."""
    return Submission(
        kind=kind,
        capture_id=capture_id,
        secret="",
        captured_at=moment(content["captured_at"]),
        form_version=content["form_version"],
        channel="web",
        answers=answers(kind, content["answers"], content["form_version"]),
        content=content,
        rev=revision.rev,
        base_rev=revision.base_rev,
        sent_at=revision.sent_at,
        photos=tuple(
            Promised(
                UUID(photo["id"]), photo["sha256"], photo["bytes"], photo["type"], photo.get("role", EVIDENCE)
            )
            for photo in content["photos"]
        ),
        parent=parent_of(content),
        flags=tuple((revision.flags or "").split()),
    )


def _promised(envelope: CaptureEnvelope, person: Person) -> tuple[Promised, ...]:
    """Return the promised photos. Raises Refused beyond what one report takes, and for a role that is not theirs."""
    promised = tuple(
        Promised(photo.id, photo.sha256, photo.bytes, photo.type, photo.role) for photo in envelope.photos
    )
    together = sum(photo.bytes_size for photo in promised)
    if len({photo.id for photo in promised}) < len(promised):
        raise Refused({"photos": "One photo is named twice. Remove it, and choose it again."})
    if any(photo.role == "after" for photo in promised) and not person.may(Permission.CLEAR):
        raise Refused({"photos": "Photos of the place after clearing come from whoever cleared it."})
    if len(promised) > photo_rules.MOST_PHOTOS:
        raise Refused(
            {"photos": f"A report takes up to {photo_rules.MOST_PHOTOS} photos. Remove some of them."}
        )
    if together > photo_rules.MOST_BYTES_TOGETHER:
        limit = photo_rules.MOST_BYTES_TOGETHER // photo_rules.MEGABYTE
        raise Refused({"photos": f"The photos are larger than {limit} MB together. Remove some of them."})
    return promised
