"""Fields that several survey kinds ask with: a choice from a code list, a day, a coordinate, the place."""

import math
import re
from calendar import month_name, monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from wtforms import BooleanField, Field, HiddenField, MultipleFileField, StringField
from wtforms.validators import ValidationError

from webapp.forms.base import Words
from webapp.rules.codes import CodeList, location

ONE_OR_TWO, FOUR = re.compile("[0-9]{1,2}"), re.compile("[0-9]{4}")
CLOCK_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
AMOUNT = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")
EARLIEST_YEAR = 2000
NO_PLACE = "Tell us where it is: use the map, a postcode, a grid reference or words."


class Choice(Field):
    """One value of a code list, or None when nothing is chosen: unknown is never guessed."""

    def __init__(
        self, label: str, codes: CodeList, hint: str = "", needed: str = "", since: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.codes = codes
        self.needed = needed
        self.since = since

    def process_data(self, value: Any) -> None:
        """Take a value of the list as it is stored."""
        self.data = value or None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value sent; a repeated parameter changes nothing."""
        self.data = valuelist[0] or None if valuelist else None

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that is not on the list, and no value where one is needed."""
        if self.data is None and self.needed and not form.predates(self):
            raise ValidationError(self.needed)
        if self.data is not None and self.data not in self.codes:
            raise ValidationError(f"Choose one of the answers for “{self.label.text}”.")


class YesNo(Choice):
    """True, False or None."""

    CODES: Mapping[str | None, bool | None] = {"yes": True, "no": False}

    @property
    def answer(self) -> bool | None:
        """The answer, None when there is none."""
        return self.CODES.get(self.data)


class DayField(Field):
    """A date in three inputs: `name-day`, `name-month` and `name-year`. What was typed stays as it was typed."""

    PARTS = ("day", "month", "year")

    def __init__(self, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.typed: dict[str, str] = dict.fromkeys(self.PARTS, "")
        self.data: date | None = None

    def fill(self, day: date) -> None:
        """Show a day as if it had been typed."""
        self.typed = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
        self.data = day

    @property
    def first_id(self) -> str:
        """The id of the first of the three inputs, where a link from the error summary leads."""
        return f"{self.id}-day"

    @property
    def day(self) -> date:
        """The date. Raises ValueError while there is none, so that a view asks only after the form is valid."""
        if self.data is None:
            raise ValueError(f"{self.name} holds no date.")
        return self.data

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three parts; a part that is missing counts as empty."""
        self.process_errors = []
        self.data = None
        if formdata is None:
            return
        self.typed = {part: (formdata.get(f"{self.name}-{part}") or "").strip()[:10] for part in self.PARTS}
        if not any(self.typed.values()):
            return
        day = _day_typed(*(self.typed[part] for part in self.PARTS))
        if day is None:
            wrong = (
                _day_too_many(**self.typed)
                or "needs a day, a month and a year of four figures, such as 21 11 2026."
            )
            self.process_errors.append(f"“{self.label.text}” {wrong}")
        elif day.year < EARLIEST_YEAR:
            self.process_errors.append(
                f"“{self.label.text}” cannot be before the year {EARLIEST_YEAR}. Check the year."
            )
        else:
            self.data = day


def _day_typed(day: str, month: str, year: str) -> date | None:
    """Return the date, or None. `int` alone would read “26” as the year 26, and take “+1” and “1_0” for figures."""
    if not _are_figures(day, month, year):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _are_figures(day: str, month: str, year: str) -> bool:
    return bool(ONE_OR_TWO.fullmatch(day) and ONE_OR_TWO.fullmatch(month) and FOUR.fullmatch(year))


def _day_too_many(day: str, month: str, year: str) -> str | None:
    """Return what is wrong with a day that its month does not have, None where something else is wrong.

    >>> _day_too_many("31", "2", "2026"), _day_too_many("31", "13", "2026")
    ('cannot be 31 February 2026: that month has 28 days.', None)
    """
    if not _are_figures(day, month, year) or not 1 <= int(month) <= 12:
        return None
    days = monthrange(int(year), int(month))[1]
    if int(day) <= days:
        return None
    return f"cannot be {int(day)} {month_name[int(month)]} {year}: that month has {days} days."


class Coordinate(StringField):
    """Degrees with a point or a comma; None when nothing is typed."""

    def __init__(self, label: str, limit: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.limit = limit
        self.degrees: float | None = None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no number of degrees within ±limit, in words; what was typed stays."""
        text = (self.data or "").strip().replace(",", ".").replace("−", "-")
        if not text:
            return
        try:
            degrees = float(text)
        except ValueError:
            degrees = math.nan
        if not math.isfinite(degrees) or abs(degrees) > self.limit:
            raise ValidationError(
                f"{self.label.text} is a number from -{self.limit} to {self.limit}, such as {self.description}."
            )
        self.degrees = round(degrees, 6)


class TimeField(StringField):
    """A time of day on the 24-hour clock; None when nothing is typed."""

    def __init__(self, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.time: time | None = None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no time, in words; what was typed stays."""
        text = (self.data or "").strip()
        if not text:
            return
        match = CLOCK_TIME.fullmatch(text)
        if match is None:
            raise ValidationError(f"“{self.label.text}” needs a time such as 14:05. It can stay empty.")
        self.time = time(int(match[1]), int(match[2]))


class Pounds(StringField):
    """An amount of money in pounds, kept in pence; None when nothing is typed."""

    def __init__(self, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.pence: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no amount, in words; what was typed stays."""
        text = (self.data or "").strip().removeprefix("£").replace(",", "").strip()
        if not text:
            return
        match = AMOUNT.fullmatch(text)
        if match is None:
            raise ValidationError("Enter an amount in pounds such as 120 or 85.50, or leave it empty.")
        self.pence = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


class Metres(HiddenField):
    """An accuracy in metres that the device tells; anything else counts as not known."""

    @property
    def metres(self) -> float | None:
        """The metres, None when not known."""
        try:
            value = float(self.data or "nan")
        except ValueError:
            return None
        return value if math.isfinite(value) and 0 <= value <= 1_000_000 else None


class IdField(HiddenField):
    """A UUID that the page or phone made; None for anything else."""

    @property
    def uuid(self) -> UUID | None:
        """The id, None when there is none."""
        try:
            return UUID((self.data or "").strip())
        except ValueError:
            return None


class MomentField(HiddenField):
    """A moment as the device tells it; None for anything without a time zone."""

    @property
    def moment(self) -> datetime | None:
        """The moment, None when not known."""
        return moment(self.data)


def whole_number(text: str | None) -> int | None:
    """Return a number written in figures, None for anything else and for more figures than any count has.

    >>> whole_number("214"), whole_number("30.5"), whole_number(""), whole_number("9" * 5000)
    (214, None, None, None)
    """
    said = text or ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def moment(text: str | None) -> datetime | None:
    """Return the moment that a device spelled, None for anything without a time zone or far from our time."""
    try:
        value = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return value if value.tzinfo is not None and 1970 <= value.year < 9000 else None


class CaptureFields:
    """What every capture form carries besides its questions: its id, its secret, when it was begun, its version.

    `VERSION` is the newest version of the form; a question that came later than version 1 says so with `since`.
    """

    VERSION: ClassVar[int] = 1
    # Fields that belong to the capture or the page: the ledger keeps them apart from the answers, or not at all.
    NO_ANSWERS: ClassVar[frozenset[str]] = frozenset(
        {"capture_id", "capture_secret", "captured_at", "form_version", "csrf_token"}
    )

    capture_id = IdField()
    capture_secret = HiddenField()
    captured_at = MomentField()
    form_version = HiddenField()

    def begin(self, today: date) -> None:
        """Fill in what a fresh page can know by itself: nothing, unless the form says otherwise."""

    @property
    def version(self) -> int:
        """The version of the form that was answered; what cannot be read counts as the first."""
        said = self.form_version.data or ""
        return int(said) if said.isdecimal() and 0 < len(said) < 6 else 1

    def predates(self, field: Field) -> bool:
        """Return whether the form was answered before it asked this: an older capture may lack it."""
        return self.version < getattr(field, "since", 1)

    def typed(self, sent: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
        """Return the answers as they were sent, by field; what is no field of this form is left out."""
        fields = set(self._fields) - self.NO_ANSWERS  # type: ignore[attr-defined]
        return {name: values for name, values in sent if name.partition("-")[0] in fields}


class PartFields(CaptureFields):
    """What the form of a part carries besides: the capture that it is part of, and its number there."""

    NO_ANSWERS: ClassVar[frozenset[str]] = CaptureFields.NO_ANSWERS | {"part_of"}

    part_of = IdField()


class PlaceFields:
    """Where it is, given in any of the ways a person may have; every capture form mixes this in.

    A kind that is of use without a place says so with `NEEDS_PLACE`.
    """

    NEEDS_PLACE: ClassVar[bool] = True

    location_source = HiddenField()
    latitude = Coordinate("Latitude", 90, description="51.27028")
    longitude = Coordinate("Longitude", 180, description="0.19171")
    accuracy_m = Metres()
    postcode = Words("Postcode", 20, "The nearest postcode you know, such as DA4 0AA.")
    grid_reference = Words(
        "Ordnance Survey grid reference", 40, "Such as TQ 529 546.", name_in_errors="The grid reference"
    )
    place_text = Words(
        "What would help us find it?",
        500,
        "Street, house number, field gate, lay-by. For example: lay-by opposite the field gate.",
        name_in_errors="What you wrote about the place",
    )

    def has_place(self) -> bool:
        """Return whether a place was given in any way; whether it can be understood is another question."""
        typed = (self.latitude, self.longitude, self.postcode, self.grid_reference, self.place_text)
        return any((field.data or "").strip() for field in typed)

    def validate_place_text(self, field: Words) -> None:
        """Ask for a place where none was given, together with whatever else is missing."""
        if self.NEEDS_PLACE and not self.has_place():
            raise ValidationError(NO_PLACE)

    def place(self) -> dict[str, Any]:
        """Return the place as it was given; a service works out where that is."""
        source = self.location_source.data if self.location_source.data in location.SOURCES else None
        return {
            "source": source,
            "latitude": self.latitude.degrees,
            "longitude": self.longitude.degrees,
            "accuracy_m": self.accuracy_m.metres,
            "postcode": self.postcode.data or "",
            "grid_reference": self.grid_reference.data or "",
            "words": self.place_text.data or "",
            "is_needed": self.NEEDS_PLACE,
        }


def answer_words(field: Field) -> str:
    """Return what was answered to a question, in words; empty when nothing was."""
    words = getattr(field, "words", None)
    if callable(words):
        return str(words())
    if isinstance(field, Choice):
        return field.codes.question(field.data) if field.data in field.codes else ""
    if isinstance(field, DayField):
        return " ".join(part for part in field.typed.values() if part)
    if isinstance(field, BooleanField):
        return "Yes" if field.data else ""
    if isinstance(field, MultipleFileField):
        return ""
    return str(field.data or "").strip()
