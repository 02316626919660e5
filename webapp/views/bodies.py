"""How the bodies of the capture protocol are read: whole, within limits, plain, and as what they say they are."""

import base64
import binascii
import re
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import request

from webapp.forms.envelope import NotTheShape, read_json
from webapp.views.problems import TooLarge, WrongType

IN_MEMORY_BYTES = 1024 * 1024
READ_AT_ONCE_BYTES = 64 * 1024
DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|$)")
SHORT = "the body is shorter than it said"


def json_of(most_bytes: int) -> Any:
    """Return what the body says as JSON. Raises NotTheShape, WrongType, TooLarge."""
    _must_be({"application/json"})
    with cast(BinaryIO, SpooledTemporaryFile(max_size=most_bytes + 1)) as file:
        _copy(file, most_bytes)
        return read_json(file.read())


def file_of(types: set[str], most_bytes: int) -> BinaryIO:
    """Return the body as a file that can be read again; the caller closes it. Raises as `json_of` does."""
    _must_be(types)
    file = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY_BYTES))  # noqa: SIM115 - the caller closes it.
    try:
        _copy(file, most_bytes)
    except BaseException:
        file.close()
        raise
    return file


def digest() -> str:
    """Return the SHA-256 that the sender says the body has (RFC 9530), in hexadecimal. Raises NotTheShape."""
    found = DIGEST.search(request.headers.get("Content-Digest", ""))
    try:
        said = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        said = b""
    if len(said) != 32:
        raise NotTheShape("Say the body’s SHA-256: Content-Digest: sha-256=:<base64>:")
    return said.hex()


def _must_be(types: set[str]) -> None:
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype not in types or encoding not in {"", "identity"}:
        raise WrongType


def _copy(file: BinaryIO, most_bytes: int) -> None:
    """Bring the body to a file. A server may hand over a body that is shorter than its Content-Length, in silence."""
    said, size = request.content_length, 0
    if said is not None and said > most_bytes:
        raise TooLarge
    while chunk := request.stream.read(READ_AT_ONCE_BYTES):
        size += len(chunk)
        if size > most_bytes:
            raise TooLarge
        file.write(chunk)
    if said is not None and size != said:
        raise NotTheShape(SHORT)
    file.seek(0)
