"""What officers ask of the quarterly return: which quarter, and which incidents."""

from datetime import date

from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from webapp.rules.periods import Period, quarter_of, read_period, recent_quarters

BASES = {"incidents": "All incidents", "public": "Reported by the public only"}
MONTHS = 3
OFFERED = 12


class ReturnForm(Form):
    """The quarter and the basis; they live in the address, so what makes no sense is told and something is shown."""

    quarter = SelectField("Quarter")
    basis = SelectField("Count")

    def offer(self, today: date) -> None:
        """Offer the latest quarters, and the one that is asked for where it is older or still to come."""
        offered = recent_quarters(today, OFFERED)
        asked = self.asked_quarter()
        if asked and asked not in offered:
            offered.append(asked)
        self.quarter.choices = [SelectChoice(one.name, one.words) for one in offered]
        self.basis.choices = [SelectChoice(value, words) for value, words in BASES.items()]

    def asked_quarter(self) -> Period | None:
        """Return the quarter of the address, None when it names none."""
        period = read_period(self.quarter.data)
        return period if period and len(period.months) == MONTHS else None

    def period(self, today: date) -> Period:
        """Return the quarter that is asked for, the running one when none is."""
        return self.asked_quarter() or quarter_of(today)

    def chosen_basis(self) -> str:
        """Return the basis that is asked for, all incidents when none is."""
        return self.basis.data if self.basis.data in BASES else "incidents"

    def not_understood(self) -> list[str]:
        """Return a sentence for each part of the address that makes no sense."""
        sentences = []
        if self.quarter.data and self.asked_quarter() is None:
            sentences.append(
                "The quarter was not understood, so the running one is shown. Choose one from the list."
            )
        if self.basis.data and self.basis.data not in BASES:
            sentences.append(
                "What to count was not understood, so all incidents are counted. Choose from the list."
            )
        return sentences
