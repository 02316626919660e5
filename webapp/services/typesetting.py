"""Setting a page as a PDF in a process of its own (`services/typesetter.py` is that process)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from webapp.services import apart

PROGRAM = Path(__file__).with_name("typesetter.py")
MEGABYTE = 1024 * 1024
# What it may map, of which it uses less than a third.
MEMORY_BYTES = 1024 * MEGABYTE
SECONDS = 90
WAIT_SECONDS = 120
ANSWER_BYTES = 64 * MEGABYTE
PDF_STARTS = b"%PDF-"
LACKS_PANGO = (
    "The machine that Wardbook runs on lacks Pango, which sets the letters. Whoever runs it types: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
)


class NotSet(Exception):
    """The page cannot be set, now or ever: the message is a sentence for officers."""


class Broke(Exception):
    """The process died or took too long: once more may work, but not for ever."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the page, which calls it `picture:` and its name."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF, how many pages it has, and the most memory that setting it took."""

    content: bytes
    pages: int
    peak_bytes: int


def typeset(page: str, pictures: Mapping[str, Picture]) -> Paper:
    """Return a page of HTML as a tagged PDF. Raises NotSet or Broke."""
    html = page.encode()
    task = {
        "html": len(html),
        "pictures": [[name, one.media_type, len(one.content)] for name, one in pictures.items()],
        "memory_bytes": MEMORY_BYTES,
        "seconds": SECONDS,
        "answer_bytes": ANSWER_BYTES,
    }
    given = (one.content for one in pictures.values())
    answer = _run(b"".join((json.dumps(task).encode(), b"\n", html, *given)))
    line, _, content = answer.partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError:
        raise Broke("The typesetter gave no answer.") from None
    if "problem" in said:
        missing = said["problem"] == "missing"
        raise NotSet(LACKS_PANGO if missing else f"What it said: {said['problem']}"[:200])
    if not content.startswith(PDF_STARTS):
        raise Broke("The typesetter's answer is not whole.")
    return Paper(content, int(said["pages"]), int(said["peak_bytes"]))


def _run(given: bytes) -> bytes:
    try:
        return apart.run(PROGRAM, given, WAIT_SECONDS)
    except apart.Ended as ended:
        raise Broke(f"The typesetter {ended}.") from None
