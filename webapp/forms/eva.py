"""What an Environmental Visual Audit asks: before the walk, on the way and at its end (field-facts 1.2)."""

from datetime import date
from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import CaptureFields, Choice, DayField, PlaceFields, TimeField
from webapp.forms.points import PointsField
from webapp.forms.rows import Column, PromptsField, RowsField, TicksField
from webapp.rules import eva as rules
from webapp.rules.codes import eva as codes
from webapp.rules.codes import grades
from webapp.rules.codes.agencies import AGENCIES

DRAWN_MOST, RECORDED_MOST = 100, 4000


class EvaForm(CaptureFields, PlaceFields, WardbookForm):
    """One audit, planned or walked; what it observed are captures of their own (`webapp.forms.observation`)."""

    VERSION = 1
    NEEDS_PLACE = False

    ward_code = Words("Which ward?", 12)
    reason = Choice("Why this walk?", codes.REASONS, needed="Choose why this walk is made.")
    held_on = DayField("On which day?", "For example, 29 11 2026.")
    starts_at = TimeField("At what time does it start?", "For example, 10:30.")
    title = Words(
        "What is this walk called?",
        120,
        "For example: St Mary’s estate and the shops.",
        name_in_errors="The name",
    )
    place_text = Words(
        "Where do you meet?",
        500,
        "For example: outside the library.",
        name_in_errors="What you wrote about the place",
    )
    parish = Words("Parish", 80)
    lead_officer = Words("Who leads it?", 120)
    lead_agency = Choice("For which agency?", AGENCIES)
    previous = Words(
        "Reference of the walk before", 20, "Such as EVA-2026-00003. The results show what changed since."
    )
    route_words = LongWords(
        "Which way do you go?", 5000, "Streets and paths, in order.", name_in_errors="The route"
    )
    route_points = PointsField(
        "Points of the route",
        DRAWN_MOST,
        "One to a line: a postcode, a grid reference, or latitude and longitude.",
    )
    people = RowsField(
        "Who is invited, who is here?",
        {
            "type": Column("Who", codes.PARTICIPANT_TYPES, needed="choose who it is."),
            "name": Column("First name or role"),
            "organisation": Column("Organisation or shop"),
            "presence": Column("Here?", codes.PRESENCES),
        },
        one="Person",
        hint="Of residents the first name or “resident” is enough.",
    )
    safety = TicksField("Before you set out", codes.SAFETY)
    safety_note = LongWords(
        "Anything about safety that others should know?", 2000, name_in_errors="The note on safety"
    )
    began_at = TimeField("When did the walk begin?", "For example, 10:30.")
    ended_at = TimeField("When did it end?", "For example, 12:05.")
    weather = Choice("Weather", codes.WEATHERS)
    light = Choice("Light", codes.LIGHTS)
    transects = RowsField(
        "Streets graded",
        {
            "street": Column("Street", needed="enter the street."),
            "begins": Column("From", hint="A house number, lamp column or shop: never a parked car."),
            "ends": Column("To"),
            "land_use": Column(
                "Land use", grades.LAND_USES, needed="choose the land use that it mostly has."
            ),
            "litter": Column("Litter", grades.GRADES),
            "detritus": Column("Detritus", grades.GRADES),
            "graffiti": Column("Graffiti", grades.GRADES),
            "fly_posting": Column("Fly-posting", grades.GRADES),
            "surveyor": Column("Initials", length=10),
        },
        one="Street",
        hint="About 50 metres each, between two things that stay where they are.",
    )
    prompts = PromptsField("Designing out crime", codes.PROMPTS, codes.PROMPT_ANSWERS)
    feelings = RowsField(
        "How safe do residents feel here?",
        {"by_day": Column("By day", codes.FEELINGS), "after_dark": Column("After dark", codes.FEELINGS)},
        one="Resident",
        hint="One line for each resident who answers. No names.",
    )
    positives = LongWords("What is good here?", 5000, name_in_errors="What is good here")
    found_nothing = BooleanField("The walk found nothing to record")
    track = PointsField("Recorded track", RECORDED_MOST, takes_places=False)

    def begin(self, today: date) -> None:
        """Most walks are written down on their day."""
        self.held_on.fill(today)

    def validate_ward_code(self, field: Words) -> None:
        """Ask for the ward: every audit counts for one (Action Plan 4.2)."""
        if not (field.data or "").strip():
            raise ValidationError("Choose the ward that this walk is in.")

    def validate_held_on(self, field: DayField) -> None:
        """Ask for the day."""
        if field.data is None and not field.process_errors:
            raise ValidationError("Enter the day of the walk.")

    def validate_ended_at(self, field: TimeField) -> None:
        """Refuse an end without a start, and one before it; a walk may end after midnight."""
        held, began, ended = self.held_on.data, self.began_at.time, field.time
        if ended is None:
            return
        if began is None:
            if not self.began_at.data:
                raise ValidationError("Enter when the walk began as well, or leave its end empty.")
        elif held and ended <= began:
            begins, ends = rules.walked(held, began, ended)
            if ends - begins > rules.LONGEST_PAST_MIDNIGHT:
                raise ValidationError(
                    f"The walk cannot end before it began. On the next day it would have taken "
                    f"{rules.how_long(begins, ends)}. Check both times."
                )

    def check_day(self, today: Any) -> None:
        """Refuse a walk that was already walked on a day that has not come yet."""
        held = self.held_on.data
        if held and held > today and self.began_at.time is not None:
            self.refuse(
                {"held_on": "This walk has begun, so its day cannot be in the future. Check the date."}
            )

    def answers(self) -> dict[str, Any]:
        """Return the answers as plain values that JSON can hold, in the form's own names."""
        held = self.held_on.data
        times = {
            name: self[name].time.isoformat() if self[name].time else None
            for name in ("starts_at", "began_at", "ended_at")
        }
        return {
            "place": self.place(),
            "title": self.title.data or "",
            "ward_code": self.ward_code.data,
            "parish": self.parish.data or None,
            "reason": self.reason.data,
            "held_on": held.isoformat() if held else None,
            **times,
            "lead_officer": self.lead_officer.data or "",
            "lead_agency": self.lead_agency.data,
            "previous": self.previous.data or "",
            "route_words": self.route_words.data or "",
            "route_points": self.route_points.points,
            "safety": self.safety.answers(),
            "safety_note": self.safety_note.data or "",
            "people": self.people.answers(),
            "weather": self.weather.data,
            "light": self.light.data,
            "transects": self.transects.answers(),
            "prompts": self.prompts.answers(),
            "feelings": self.feelings.answers(),
            "positives": self.positives.data or "",
            "found_nothing": self.found_nothing.data,
            "track": self.track.points,
        }
