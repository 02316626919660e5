"""What is asked about speed-watch sites: by whoever asks for one, and by officers who assess and decide."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, SelectField

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import Choice, DayField, IdField, PlaceFields, whole_number
from webapp.forms.moves import SeenForm
from webapp.forms.plates import no_plates
from webapp.forms.records import AddressForm
from webapp.forms.rows import TicksField
from webapp.rules.codes import Code, CodeList
from webapp.rules.codes import speed_watch as codes
from webapp.rules.site_moves import Need

WHY_MOST, NOTES_MOST, REASON_MOST = 1000, 2000, 500
UNKNOWN = "unknown"
ASKED_LIMITS = CodeList(*codes.LIMITS, Code(UNKNOWN, "I do not know"))
CREWS = CodeList(*(Code(str(number), str(number)) for number in range(2, 6)))


def _limit(field: Choice) -> int | None:
    return int(field.data) if field.data is not None and field.data in codes.LIMITS else None


class SiteRequestForm(PlaceFields, WardbookForm):
    """What anybody is asked who would like speeds to be watched somewhere: no name, no contact.

    `site_id` is the page's own, so that a double tap asks once; `pact` the PACT area from whose page it was opened.
    """

    site_id = IdField()
    pact = HiddenField()
    road = Words(
        "Which road is it?", 120, "Its name or number. For example: High Street, or A225.", "The road"
    )
    limit_mph = Choice(
        "What is the speed limit there?", ASKED_LIMITS, needed="Choose the limit, or “I do not know”."
    )
    why = LongWords(
        "Why there?",
        WHY_MOST,
        "For example: cars race past the school at half past eight. Name nobody, and no registrations.",
        name_in_errors="What you wrote",
    )

    @property
    def limit(self) -> int | None:
        """The limit, None where it is not known."""
        return _limit(self.limit_mph)

    @property
    def pact_area_id(self) -> int | None:
        """The PACT area, None where none was named."""
        return whole_number(self.pact.data)


class SiteForm(PlaceFields, SeenForm):
    """All that officers say of a site; `keep_only` leaves what one move asks."""

    NEEDS_PLACE = False

    name = Words(
        "What is the site called?",
        120,
        "Everybody reads it. For example: High Street by the school.",
        "The name",
        validators=[no_plates],
    )
    road = Words("Road", 120, "For example: A225.", "The road", validators=[no_plates])
    parish = Words("Parish", 80, name_in_errors="The parish", validators=[no_plates])
    limit_mph = Choice("Speed limit", codes.LIMITS, "Speed-watch is for 20, 30 and 40 mph.")
    directions = TicksField("Directions that may be watched", codes.DIRECTIONS)
    assessment_reference = Words(
        "Reference of the risk assessment",
        60,
        "As the police gave it.",
        "The reference",
        validators=[no_plates],
    )
    assessor = Words(
        "Who assessed it?",
        120,
        "For example: PC 1234, Kent Police.",
        "Who assessed it",
        validators=[no_plates],
    )
    assessed_on = DayField("When was it assessed?", "For example, 22 11 2026.")
    review_due_on = DayField(
        "By when is it looked at again?", "The last day on which the assessment is good."
    )
    hazards = LongWords(
        "Hazards",
        NOTES_MOST,
        "What whoever stands there must know: a bend, a soft verge, a school at half past three.",
        name_in_errors="What you wrote about hazards",
        validators=[no_plates],
    )
    parking = LongWords(
        "Parking",
        NOTES_MOST,
        "Where the crew leaves its cars.",
        name_in_errors="What you wrote about parking",
        validators=[no_plates],
    )
    max_crew = Choice("How many people is there room for?", CREWS, "A crew has from 2 to 5.")
    notes = LongWords(
        "Notes for the crew", NOTES_MOST, name_in_errors="What you wrote in the notes", validators=[no_plates]
    )
    reason = LongWords("Why", REASON_MOST, "It stands in the history.", "The reason", validators=[no_plates])

    def validate_place_text(self, field: Words) -> None:
        """Ask for a place as any form does, in words without a registration."""
        super().validate_place_text(field)
        no_plates(self, field)

    def keep_only(self, needs: tuple[Need, ...]) -> "SiteForm":
        """Leave out what a move does not ask, and return the form."""
        assessment = Need.ASSESSMENT in needs
        kept = {"seen", "csrf_token", *(() if Need.REASON not in needs else ("reason",))}
        for field in [field.name for field in self]:
            if field not in kept and not (assessment and field != "reason"):
                del self[field]
        return self

    def without_assessment(self) -> "SiteForm":
        """Leave what can be put right without a new assessment, and return the form."""
        for name in ("assessment_reference", "assessor", "assessed_on", "review_due_on", "reason"):
            del self[name]
        return self

    def show(self, site: Mapping[str, Any]) -> "SiteForm":
        """Fill in what is known of a site by the columns' names, and return the form.

        Where its point is from is left open: then a postcode that is typed wins over the point that stood there.
        """
        for name in ("name", "road", "parish", "hazards", "parking", "notes", "place_text"):
            self[name].data = site[name]
        for name in ("assessment_reference", "assessor"):
            if name in self:
                self[name].data = site[name]
        for name in ("assessed_on", "review_due_on"):
            if name in self and site[name] is not None:
                self[name].fill(site[name])
        for name in ("limit_mph", "max_crew", "latitude", "longitude"):
            self[name].data = "" if site[name] is None else str(site[name])
        self.limit_mph.data = self.limit_mph.data or None
        self.max_crew.data = self.max_crew.data or None
        self.directions.data = tuple(site["directions"].split())
        return self

    @property
    def limit(self) -> int | None:
        """The limit, None where it is not known."""
        return _limit(self.limit_mph)

    @property
    def room(self) -> int | None:
        """The largest crew, None where nothing was said."""
        said = self.max_crew.data
        return int(said) if said is not None and said in CREWS else None


class SiteFilterForm(AddressForm):
    """The filters of the list of sites."""

    CHOICES = ("status", "limit", "ward", "review", "show")

    status = SelectField("Status")
    limit = SelectField("Limit")
    ward = SelectField("Ward")
    review = SelectField("Review")
    show = SelectField("The map shows")
