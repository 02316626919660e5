"""The survey kinds, listed once, by hand, in order: the whole product can be read from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.forms.fly_tipping import FlyTippingEntryForm, FlyTippingForm
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.codes import CodeList
from webapp.rules.codes import fly_tipping as fly_tipping_codes
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import fly_tipping, merging


@dataclass(frozen=True, slots=True)
class Kind:
    """One survey kind: its names, who may capture it, its form, its table, and its service.

    The service turns answers into columns (`details`, and `changes` for a later version) and a record into a line;
    `pack` is what somebody needs to capture it without a connection.
    """

    value: str
    slug: str
    permission: Permission
    # The kind that a capture of this one is part of; it waits until its parent has arrived.
    parent: str | None
    # Drafts of a kind that takes down drivers' plates never leave the phone.
    has_plates: bool
    prefix: str
    label: str
    form: type[Any]
    entry_form: type[Any] | None
    model: type[Record]
    statuses: CodeList
    details: Callable[[Mapping[str, Any], datetime, str], dict[str, Any]]
    changes: Callable[[Any, Mapping[str, Any], str], dict[str, Any]]
    headline: Callable[[Any], str]
    pack: Callable[[Person], dict[str, Any]]
    joinable: Callable[[str, float | None, float | None], Any]
    make_same: Callable[[Session, UUID, Any, datetime, int | None], None]


KINDS = (
    Kind(
        value="fly_tipping",
        slug="fly-tipping",
        permission=Permission.ANYONE,
        parent=None,
        has_plates=False,
        prefix="FT",
        label="Fly-tipping",
        form=FlyTippingForm,
        entry_form=FlyTippingEntryForm,
        model=FlyTip,
        statuses=fly_tipping_codes.STATUSES,
        details=fly_tipping.details,
        changes=fly_tipping.changes,
        headline=fly_tipping.headline,
        pack=fly_tipping.pack,
        joinable=fly_tipping.joinable,
        make_same=merging.make_same,
    ),
)


# The kinds that staff also write down for others, each with the form that asks who that was.
ENTERED = tuple(replace(kind, form=kind.entry_form) for kind in KINDS if kind.entry_form is not None)


def find_kind(value: str) -> Kind:
    """Return the kind of this value. Raises NotFound when there is none."""
    for kind in KINDS:
        if value in {kind.value, kind.slug}:
            return kind
    raise NotFound


def has_children(kind: Kind) -> bool:
    """Return whether captures of another kind may be part of one of this kind."""
    return any(other.parent == kind.value for other in KINDS)
