"""Areas of a photo to mask, in per cent of its width and height: by hand, or filled by drawing on the photo."""

import math

from wtforms.validators import ValidationError

from webapp.forms.base import WardbookForm
from webapp.forms.rows import Column, RowsField

WHOLE = 100
# What rounding to a tenth of a per cent may add.
SLACK = 0.05
# What is less covers no dot of any photo, and is nothing once it is cut off at the edge.
LEAST = 0.001


class MaskForm(WardbookForm):
    """The areas, one to a row."""

    areas = RowsField(
        "Areas to mask",
        {
            "x": Column("From the left, %", length=8, needed="enter how far from the left it begins."),
            "y": Column("From the top, %", length=8, needed="enter how far from the top it begins."),
            "width": Column("Width, %", length=8, needed="enter how wide it is."),
            "height": Column("Height, %", length=8, needed="enter how high it is."),
        },
        one="Area",
        hint="In per cent of the photo’s width and height, such as 40, 25, 10, 15.",
    )

    def validate_areas(self, field: RowsField) -> None:
        """Refuse areas that are none, and a form without any."""
        if not field.rows:
            raise ValidationError("Draw an area on the photo, or enter one below.")
        problems = [self._problem(number, row) for number, row in enumerate(field.rows, 1)]
        if any(problems):
            raise ValidationError(" ".join(filter(None, problems)))

    def _problem(self, number: int, row: dict[str, str]) -> str | None:
        said = {name: _number(text) for name, text in row.items() if text}
        for name, value in said.items():
            if value is None:
                label = self.areas.columns[name].label.removesuffix(", %").lower()
                return f"Area {number}: “{label}” is a number from 0 to 100, such as 12.5."
        if len(said) < len(row):
            return None
        x, y, width, height = (said[name] or 0 for name in ("x", "y", "width", "height"))
        if width < LEAST or height < LEAST:
            return f"Area {number}: its width and height must be more than 0."
        if max(x, y) >= WHOLE or x + width > WHOLE + SLACK or y + height > WHOLE + SLACK:
            return f"Area {number} goes over the edge of the photo. Make it smaller, or begin further left or higher."
        return None

    def given(self) -> list[dict[str, float]]:
        """Return the areas as parts of the whole, none beyond its edge."""
        return [_part(row) for row in self.areas.rows]


def _part(row: dict[str, str]) -> dict[str, float]:
    x, y, width, height = ((_number(row[name]) or 0) / WHOLE for name in ("x", "y", "width", "height"))
    return {"x": x, "y": y, "width": min(width, 1 - x), "height": min(height, 1 - y)}


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= WHOLE else None
