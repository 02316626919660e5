"""What a speed-watch session asks: where, who, with what, under which conditions, and at its end (field-facts 3.2)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import CaptureFields, Choice, DayField, MomentField, TimeField, YesNo, whole_number
from webapp.forms.plates import no_plates
from webapp.forms.rows import Column, RowsField, TicksField
from webapp.rules import speed_start as rules
from webapp.rules.clock import LONDON, local_date, shown_at
from webapp.rules.codes import speed_watch as codes
from webapp.rules.codes.yes_no import YES_NO

MOST_COUNTED = 99_999
NO_TIME = "needs a time such as 10:30."


class SpeedWatchForm(CaptureFields, WardbookForm):
    """One session; each vehicle is a capture of its own (`webapp.forms.speed_reading`).

    A phone tells moments, which stay true when the clocks change; a page tells times of the day in London.
    `has_been_held` says on a page that the session is over: then it is kept, whatever should have stopped it.
    """

    VERSION = 1
    NO_ANSWERS: ClassVar[frozenset[str]] = CaptureFields.NO_ANSWERS | {"has_been_held"}

    site = Words("Which site?", 12)
    held_on = DayField("On which day?", "For example, 29 11 2026.")
    began_at = TimeField("When did it begin?", "For example, 10:30.")
    began_moment = MomentField("It began, by the phone")
    ended_at = TimeField("When did it end?", "Leave it empty while it goes on.")
    ended_moment = MomentField("It ended, by the phone")
    device = Words("Which device?", 10)
    crew = RowsField(
        "Who is in the crew?",
        {
            "volunteer": Column("Who", needed="choose who it is.", length=10),
            "role": Column("What they do", codes.CREW_ROLES),
        },
        one="Member",
        hint=f"From {rules.CREW_LEAST} to {rules.CREW_MOST} people, all of them trained.",
    )
    direction = Choice("Which direction do you watch?", codes.DIRECTIONS)
    safety = TicksField("Before you start", codes.SAFETY)
    weather = Choice("Weather", codes.WEATHERS)
    light = Choice("Light", codes.LIGHTS)
    road_surface = Choice("Road surface", codes.ROAD_SURFACES)
    dark_reason = LongWords(
        "Why outside daylight?",
        500,
        "Only where it begins before sunrise or goes on after sunset.",
        name_in_errors="The reason",
        validators=[no_plates],
    )
    total_counted = Words(
        "How many vehicles passed in all?", 7, "Leave it empty if nobody counted, or if a phone did."
    )
    has_all_speeds = YesNo(
        "Was every vehicle’s speed logged?",
        YES_NO,
        "Only then an average speed means anything.",
    )
    incidents = LongWords(
        "Was there any incident or abuse?",
        2000,
        "No names and no registrations.",
        name_in_errors="What you wrote about it",
        validators=[no_plates],
    )
    stopped_early = LongWords(
        "Did you stop early? Why?", 500, name_in_errors="The reason", validators=[no_plates]
    )
    join_code = HiddenField("Letters for a second phone")
    limit_mph = HiddenField("Limit in mph, as the phone had it")
    has_been_held = BooleanField("It has been held already: keep it, even if it should not have started")

    def begin(self, today: date) -> None:
        """Most sessions are written down on their day."""
        self.held_on.fill(today)

    def validate_site(self, field: Words) -> None:
        """Ask for the site."""
        if not field.data:
            raise ValidationError("Choose the site.")

    def validate_device(self, field: Words) -> None:
        """Ask for the device."""
        if not field.data:
            raise ValidationError("Choose the device.")

    def validate_held_on(self, field: DayField) -> None:
        """Ask for the day."""
        if field.data is None and not field.process_errors:
            raise ValidationError("Enter the day of the session.")

    def validate_began_at(self, field: TimeField) -> None:
        """Ask when it began."""
        if self.began_moment.moment is None and not (field.data or "").strip():
            raise ValidationError(f"“{field.label.text}” {NO_TIME}")

    def validate_ended_at(self, field: TimeField) -> None:
        """Refuse an end before the start."""
        began, ended = self.began(), self.ended()
        if began is None or ended is None:
            return
        # What a phone tells is kept however long it took, and flagged; a time that is typed may be mistyped.
        is_typed = ended != self.ended_moment.moment
        if ended <= began or (is_typed and rules.is_long_past_midnight(began, ended)):
            raise ValidationError("The session cannot end before it began. Check both times.")

    def validate_total_counted(self, field: Words) -> None:
        """Refuse what is no count."""
        number = whole_number(field.data)
        if field.data and (number is None or number > MOST_COUNTED):
            raise ValidationError(f"Enter a whole number up to {MOST_COUNTED:,}, or leave it empty.")

    def began(self) -> datetime | None:
        """Return the moment at which it began, None where it was not told."""
        typed = _in_london(self.held_on.data, self.began_at.time)
        told = self.began_moment.moment
        # A page shows a phone's moment as a day and a time: typed otherwise, they are what counts.
        if told is None or (typed is not None and not _is_same_minute(told, typed)):
            return typed
        return told.astimezone(UTC)

    def ended(self) -> datetime | None:
        """Return the moment at which it ended, None while it goes on.

        Of a time that was typed it is the first after the start at which clocks show it, also past midnight.
        """
        began, told, typed = self.began(), self.ended_moment.moment, self.ended_at.time
        if told is not None and (typed is None or (_time_of(told) == typed and _is_soon_after(told, began))):
            return told.astimezone(UTC)
        if typed is None or began is None:
            return None
        return next((moment for moment in shown_at(local_date(began), typed) if moment > began), None)

    def show_times(self) -> None:
        """Show the moments that a phone told as times of the day, for a page on which somebody changes them."""
        for field, told in (
            (self.began_at, self.began_moment.moment),
            (self.ended_at, self.ended_moment.moment),
        ):
            if told is not None and not field.data:
                field.data = f"{told.astimezone(LONDON):%H:%M}"

    def check_day(self, today: date) -> None:
        """Refuse a session on a day that has not come yet, whichever way its day was told."""
        began, ended = self.began(), self.ended()
        days = [self.held_on.data, local_date(began) if began else None]
        if any(day is not None and day > today for day in days):
            self.refuse({"held_on": "A session begins on its day. Check the date."})
        elif ended is not None and local_date(ended) > today:
            self.refuse(
                {"ended_at": "The session cannot have ended on a day that is still to come. Check the time."}
            )

    def place(self) -> dict[str, Any]:
        """Return no place: it is that of the site."""
        blank = {"source": None, "latitude": None, "longitude": None, "accuracy_m": None}
        return {**blank, "postcode": "", "grid_reference": "", "words": "", "is_needed": False}

    def answers(self) -> dict[str, Any]:
        """Return the answers as plain values that JSON can hold, in the form's own names."""
        began, ended = self.began(), self.ended()
        limit = self.limit_mph.data or ""
        return {
            "place": self.place(),
            "site": self.site.data or "",
            "held_on": self.held_on.data.isoformat() if self.held_on.data else None,
            "began_at": began.isoformat() if began else None,
            "ended_at": ended.isoformat() if ended else None,
            "device": whole_number(self.device.data),
            "crew": [{**row, "volunteer": whole_number(row["volunteer"])} for row in self.crew.answers()],
            "direction": self.direction.data,
            "safety": self.safety.answers(),
            "weather": self.weather.data,
            "light": self.light.data,
            "road_surface": self.road_surface.data,
            "dark_reason": self.dark_reason.data or "",
            "total_counted": whole_number(self.total_counted.data),
            "has_all_speeds": self.has_all_speeds.answer,
            "incidents": self.incidents.data or "",
            "stopped_early": self.stopped_early.data or "",
            "join_code": (self.join_code.data or "")[:4],
            "limit_mph": int(limit) if limit in codes.LIMITS else None,
        }


def _in_london(day: date | None, at: time | None) -> datetime | None:
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC) if day and at else None


def _time_of(moment: datetime) -> time:
    return moment.astimezone(LONDON).time().replace(second=0, microsecond=0)


def _is_same_minute(told: datetime, typed: datetime) -> bool:
    days = {one.astimezone(LONDON).date() for one in (told, typed)}
    return len(days) == 1 and _time_of(told) == _time_of(typed)


def _is_soon_after(ended: datetime, began: datetime | None) -> bool:
    return began is not None and began < ended < began + timedelta(days=1)
