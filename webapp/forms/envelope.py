"""What a phone wraps around the answers of a form: the shape of the capture protocol's JSON, checked at the edge.

The answers themselves are checked by the kind's own form, and nowhere else.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, WrapValidator

from webapp.forms.fields import moment
from webapp.rules.photos import ENDINGS, MOST_BYTES

# What the hash of a capture is over, in the words of the protocol. When it was sent and which version it is are not.
HASHED = ("kind", "form_version", "captured_at", "answers", "photos", "parent")
MOMENTS = ("captured_at", "sent_at", "page_made_at")
LARGEST = 1_000_000
MALFORMED = "This is not the JSON that we expect: {why}."

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


Shape = TypeVar("Shape", bound=BaseModel)
# A device whose clock has lost its mind still sends: what is no moment to us counts as none, and is flagged.
At = Annotated[
    datetime | None,
    WrapValidator(lambda said, _: _moment(said)),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 100}, {"type": "null"}]}),
]


def _moment(said: Any) -> datetime | None:
    if said is not None and not isinstance(said, str):
        raise ValueError("a moment is a string such as 2026-11-27T09:30:00Z")
    return moment(said)


class NotTheShape(Exception):
    """What came is no capture as the protocol has it; the message says why, for whoever writes the sender."""


class PromisedPhoto(BaseModel):
    """A photo whose bytes come by themselves: its id, the SHA-256 of its bytes, how many, and what it is for."""

    model_config = ConfigDict(strict=True)

    id: UUID
    sha256: Hash
    bytes: int = Field(ge=1, le=MOST_BYTES)
    type: Literal[tuple(ENDINGS)]  # type: ignore[valid-type]
    role: Literal["evidence", "context", "after"] = "evidence"


class CaptureEnvelope(BaseModel):
    """One version of a capture. `answers` has the form's fields by name, each with one value or the list of them."""

    model_config = ConfigDict(strict=True)

    kind: str = Field(max_length=40)
    form_version: int = Field(ge=1, le=99_999)
    rev: int = Field(ge=1, le=LARGEST)
    base_rev: int | None = Field(default=None, ge=0, le=LARGEST)
    captured_at: At | None = None
    sent_at: At | None = None
    page_made_at: At | None = Field(
        default=None, description="When the server made the page that the phone has kept."
    )
    answers: dict[Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,60}$")], str | list[str]] = Field(
        max_length=300
    )
    photos: list[PromisedPhoto] = Field(default=[], max_length=100)
    parent: UUID | None = None

    def lost_moments(self, content: Mapping[str, Any]) -> bool:
        """Return whether a moment was given, in the body as it was spelled, that is none to us."""
        return any(content.get(name) and getattr(self, name) is None for name in MOMENTS)


class BatchRow(CaptureEnvelope):
    """A capture among others, with its id and, when its sender has no account, its secret."""

    id: UUID
    secret: str = Field(default="", max_length=200)


class DraftEnvelope(BaseModel):
    """A half-filled form as the phone keeps it. What it holds besides its kind is nobody's business but its owner's."""

    model_config = ConfigDict(strict=True, extra="allow")

    kind: str = Field(max_length=40)


def read_json(body: bytes) -> Any:
    """Return what a body says. Raises NotTheShape for JSON with a key twice, `NaN`, or letters that are none."""
    try:
        content = json.loads(body.decode(), object_pairs_hook=_each_key_once, parse_constant=_no_constant)
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotTheShape(MALFORMED.format(why=str(error) or "it is nested too deeply")) from None
    return content


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def shaped(shape: type[Shape], content: Any) -> Shape:
    """Return a decoded body in the shape that is expected. Raises NotTheShape."""
    try:
        # Through its spelling: only of JSON does a strict model take a moment or an id.
        return shape.model_validate_json(json.dumps(content))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise NotTheShape(MALFORMED.format(why=f"{where}: {first['msg']}")) from None


def hashed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a capture that its hash is over, as its sender spelled them; a missing one is null."""
    return {name: content.get(name) for name in HASHED} | {"photos": content.get("photos", [])}


class ExportedPhoto(BaseModel):
    """A photo in a file that a phone saved."""

    model_config = ConfigDict(strict=True)

    id: UUID
    base64: str


class ExportedCapture(BaseModel):
    """A capture in a file that a phone saved: as it would have been sent, with the proof of whose it is."""

    model_config = ConfigDict(strict=True)

    id: UUID
    owner: int | None = Field(ge=1, le=2**31 - 1)
    secret: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=200)
    rev: int = Field(ge=1, le=LARGEST)
    base_rev: int | None = Field(default=None, ge=0, le=LARGEST)
    content: dict[str, Any]
    photos: list[ExportedPhoto] = Field(default=[], max_length=100)


class ExportedFile(BaseModel):
    """What a phone saved of its outbox, in the one version that there is so far; each row is looked at by itself."""

    wardbook_outbox: Literal[1]
    captures: list[dict[str, Any]] = Field(max_length=2000)
