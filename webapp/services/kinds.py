"""The survey kinds, listed once, by hand, in order: the whole product can be read from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.forms.fly_tipping import FlyTippingForm
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.codes import CodeList
from webapp.rules.codes import fly_tipping as fly_tipping_codes
from webapp.rules.errors import NotFound
from webapp.services import fly_tipping


@dataclass(frozen=True, slots=True)
class Kind:
    """One survey kind: its names, its form, its table, and its service: answers to columns, a record to a line."""

    value: str
    slug: str
    prefix: str
    label: str
    form: type[Any]
    model: type[Record]
    statuses: CodeList
    details: Callable[[Mapping[str, Any], datetime, str], dict[str, Any]]
    headline: Callable[[Any], str]
    joinable: Callable[[str, float | None, float | None], Any]
    make_same: Callable[[Session, UUID, Any, datetime, int | None], None]


KINDS = (
    Kind(
        value="fly_tipping",
        slug="fly-tipping",
        prefix="FT",
        label="Fly-tipping",
        form=FlyTippingForm,
        model=FlyTip,
        statuses=fly_tipping_codes.STATUSES,
        details=fly_tipping.details,
        headline=fly_tipping.headline,
        joinable=fly_tipping.joinable,
        make_same=fly_tipping.make_same,
    ),
)


def find_kind(value: str) -> Kind:
    """Return the kind of this value. Raises NotFound when there is none."""
    for kind in KINDS:
        if value in {kind.value, kind.slug}:
            return kind
    raise NotFound
