"""What the pages of lists share: the choices that narrow one, and which page of it was asked for."""

from collections.abc import Iterable

from flask import request
from wtforms.fields.choices import SelectChoice


def choices(everything: str, values: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return what a list can be narrowed to, each value with its words, after the choice that leaves it whole."""
    return [SelectChoice("", everything), *(SelectChoice(value, label) for value, label in values)]


def page_number() -> int:
    """Return which page the address asks for; the first, where it says nothing that is a number."""
    said = request.args.get("page", "")
    return int(said) if said.isdecimal() and len(said) < 8 else 1
