"""What a part asks to be made of it: a record of another kind, or a request to others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Becomes:
    """A record of `kind`, with the answers that its form would have given."""

    kind: str
    answers: Mapping[str, Any]
