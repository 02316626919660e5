"""What the capture protocol answers with: the JSON that a phone reads, and that its description is made from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from webapp.services.receipts import State


class Person(BaseModel):
    """Who is signed in."""

    id: int
    name: str
    roles: list[str]


class Session(BaseModel):
    """Who is asking, the proof for what they send next, and what time it is here."""

    user: Person | None
    csrf_token: str | None = Field(
        description="Null while this browser has opened no page of ours with a form."
    )
    server_time: datetime


class Receipt(BaseModel):
    """What the server holds of one version of a capture. `missing` are the photos that are still to come."""

    id: UUID
    rev: int
    base_rev: int
    state: State
    content_sha256: str | None = Field(description="Null once what was sent has been forgotten.")
    reference: str | None = Field(description="Null while there is no record.")
    missing: list[UUID]
    status_url: str | None


class Problem(BaseModel):
    """Why something was not taken: a code for the program, a sentence for its person."""

    code: str
    message: str
    errors: dict[str, list[str]] | None = Field(default=None, description="By field, where a field is wrong.")
    compare_url: str | None = Field(default=None, description="Where two versions can be compared.")
    reference: str | None = None


class BatchItem(BaseModel):
    """The answer for one row of a batch, at the row's own place in the list."""

    id: str | None
    status: int
    receipt: Receipt | None = None
    problem: Problem | None = None


class StatusItem(BaseModel):
    """What is held of one of the captures asked about; `receipt` is null for one that is unknown or not theirs."""

    id: UUID
    receipt: Receipt | None


class SavedDraft(BaseModel):
    """That a draft was kept, and when."""

    id: UUID
    saved_at: datetime


class Pack(BaseModel):
    """What a kind needs on a phone without a connection."""

    kind: str
    form_version: int
    version: str
    expires_at: datetime
    content: dict[str, Any]
